import type { NodeView, StageContext } from '../../engine/playbook';
import { lines, raw, sh, type Script } from '../../shell/quote';
import { nameOf } from '../pair';
import type { Shared } from './shared';

/** What a node says for the prerequisites. */
export interface Look {
  /** Folder of the CUDA toolkit; undefined where no compiler was found. */
  readonly cudaHome: string | undefined;
  /** `13.0`. */
  readonly cuda: string | undefined;
  /** `yes`: the folder is there, or can be made; else the folder that stands in the way. */
  readonly folder: string;
  /** Bytes free where the folder is or will be; undefined where df does not say. */
  readonly freeBytes: number | undefined;
  /** What the other node answered to `hostname`, with ssh's status. */
  readonly login: { readonly code: number; readonly said: string };
}

/** The toolkit's own folder first: a shell that nobody has logged in to does not have its programs in the PATH. */
const findCuda = raw(`cuda=/usr/local/cuda
if [ ! -x "$cuda/bin/nvcc" ]; then
  nvcc=$(command -v nvcc) && nvcc=$(readlink -f "$nvcc") && cuda=\${nvcc%/bin/nvcc} || cuda=
fi
if [ -n "$cuda" ]; then
  printf 'cuda %s %s\\n' "$(PATH="$cuda/bin:$PATH" nvcc --version | sed -n 's/.*release \\([0-9.]*\\),.*/\\1/p')" "$cuda"
fi`);

function script(folder: string, peer: string | undefined): Script {
  const parent = folder.slice(0, folder.lastIndexOf('/')) || '/';
  return lines(
    findCuda,
    sh`if [ -d ${folder} ]; then [ -w ${folder} ] && echo 'folder yes' || printf 'folder %s\\n' ${folder}
elif [ -e ${folder} ] || [ -L ${folder} ]; then printf 'folder %s\\n' ${folder}
elif [ -d ${parent} ]; then echo 'folder yes'
else printf 'folder %s\\n' ${parent}
fi
at=${folder}
while [ ! -d "$at" ]; do at=\${at%/*}; [ -n "$at" ] || at=/; done
df -P -B1 "$at" 2>/dev/null | awk 'NR == 2 { print "free " $4 }'`,
    peer === undefined
      ? raw(':')
      : sh`said=$(cd / && timeout -k 1 12 ssh -n -o BatchMode=yes -o ConnectTimeout=8 -- ${peer} hostname 2>&1)
printf 'login %s %s\\n' "$?" "$(printf '%s' "$said" | tr '\\n' ' ' | tail -c 600)"`,
  );
}

/** Asks a node, as the account that works there. */
export async function lookAt(
  context: StageContext<Shared>,
  view: NodeView,
  folder: string,
  peer: string | undefined,
): Promise<Look> {
  const { stdout } = await context.look(nameOf(view), script(folder, peer), { timeoutMs: 25_000 });
  const [, cuda, cudaHome] = /^cuda (\d{1,3}\.\d{1,3}) (\/\S{1,200})$/m.exec(stdout) ?? [];
  const free = /^free (\d{1,16})$/m.exec(stdout)?.[1];
  const [, code = '255', said = ''] = /^login (\d{1,3}) ?(.*)$/m.exec(stdout) ?? [];
  return {
    cudaHome,
    cuda,
    folder: /^folder (.+)$/m.exec(stdout)?.[1] ?? folder,
    freeBytes: free === undefined ? undefined : Number(free),
    login: { code: Number(code), said: said.trim() },
  };
}
