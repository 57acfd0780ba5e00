import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Lab } from './lab';
import { sides } from './plan';

/*
 * What a Spark has and the lab lacks: a GPU, CUDA's compiler, an archive with compiler, git and MPI, and repositories to
 * clone. git and make are this computer's own, everything that would need a GPU is a script of a few lines.
 */

/** Where the repositories are on each node. */
export const repositories = { nccl: 'file:///srv/git/nccl', 'nccl-tests': 'file:///srv/git/nccl-tests' };

const nvidiaSmi = `#!/bin/sh
case "$*" in *--query-gpu=name*) echo 'NVIDIA GB10, [N/A], 580.95.05' ;; *) exit 1 ;; esac
`;

/** Compiles a file by copying it, slowly while /run/slow-compiler is there. */
const nvcc = `#!/bin/sh
[ "$1" != --version ] || { echo 'Cuda compilation tools, release 13.0, V13.0.88'; exit 0; }
out= in=
while [ $# -gt 0 ]; do
  case $1 in -o) out=$2; shift ;; -*) ;; *) in=$1 ;; esac
  shift
done
part=0
while [ -e /run/slow-compiler ] && [ "$part" -lt 600 ]; do
  part=$((part + 1)); echo "Compiling part $part"; sleep 0.1
done
if line=$(grep -n '^#error' "$in"); then
  echo "$in(\${line%%:*}): error: #error directive: \${line#*#error }" >&2
  exit 2
fi
mkdir -p "\${out%/*}" && cp "$in" "$out"
`;

/** Starts one process here and one on the second host, as Open MPI does, and ends with the worse of both. */
const mpirun = `#!/bin/sh
while [ "$1" != sh ]; do
  [ "$1" != -H ] || hosts=$2
  shift
done
second=\${hosts#*,}; second=\${second%:*}
quoted=$(printf '%s' "$3" | sed "s/'/'\\\\\\\\''/g")
ssh -n -o BatchMode=yes -- "$second" "OMPI_COMM_WORLD_RANK=1 sh -c '$quoted'" & other=$!
OMPI_COMM_WORLD_RANK=0 "$@"; own=$?
wait "$other" && exit "$own"
`;

/** Prints what the real one prints of one size on a healthy pair, by the first of two processes. */
const allGather = `#!/bin/sh
ldd=$(dirname "$0"); [ -e "$NCCL_HOME/lib/libnccl.so" ] || { echo 'error while loading shared libraries: libnccl.so.2'; exit 127; }
[ -n "$NCCL_SOCKET_IFNAME" ] && [ -d "/sys/class/net/$NCCL_SOCKET_IFNAME" ] || { echo 'Bootstrap : no socket interface found'; exit 3; }
[ "$OMPI_COMM_WORLD_RANK" = 0 ] || exit 0
cat <<END
# nccl-tests version 2.17.6 nccl-headers=22809 nccl-library=22809
# Collective test starting: all_gather_perf
# Using devices
#  Rank  0 Group  0 Pid   3022 on spark-5c2d device  0 [000f:01:00] NVIDIA GB10
#  Rank  1 Group  0 Pid   2881 on spark-bd26 device  0 [000f:01:00] NVIDIA GB10
spark-5c2d:3022:3022 [0] NCCL INFO NET/IB : Using [0]rocep1s0f1:1/RoCE [1]roceP2p1s0f1:1/RoCE [RO]; OOB enp1s0f1np1:192.168.100.10<0>
#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw #wrong
#        (B)    (elements)                               (us)  (GB/s)  (GB/s)            (us)  (GB/s)  (GB/s)
   $2    67108864     float    none      -1    11671   46.00   23.00      0    11671   46.00   23.00      0
# Out of bounds values : 0 OK
# Avg bus bandwidth    : 23.00
#
END
`;

const ncclMakefile = `src.build: $(BUILDDIR)/lib/libnccl.so $(BUILDDIR)/include/nccl.h
$(BUILDDIR)/lib/libnccl.so: src/all.cu
	$(CUDA_HOME)/bin/nvcc $(NVCC_GENCODE) -o $@ $<
$(BUILDDIR)/include/nccl.h: src/nccl.h
	mkdir -p $(@D) && cp $< $@
`;

const testsMakefile = `all: $(BUILDDIR)/all_gather_perf $(BUILDDIR)/all_reduce_perf
$(BUILDDIR)/%_perf: src/%.cu
	test -e $(NCCL_HOME)/lib/libnccl.so && test -e $(MPI_HOME)/include/mpi.h
	$(CUDA_HOME)/bin/nvcc $(NVCC_GENCODE) -o $@ $< && chmod +x $@
`;

/** Makes both nodes of a lab look like Sparks that have never seen NCCL. */
export async function equip(lab: Lab): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'twinspark-cuda-'));
  try {
    const write = (name: string, text: string, mode = 0o644) => {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text, { mode });
    };
    write('usr/bin/nvidia-smi', nvidiaSmi, 0o755);
    write('usr/local/cuda/bin/nvcc', nvcc, 0o755);
    write('opt/deb/build', debs, 0o755);
    write('opt/deb/git/usr/bin/.keep', '');
    write('opt/deb/openmpi-bin/usr/bin/mpirun', mpirun, 0o755);
    write('opt/deb/libopenmpi-dev/usr/lib/x86_64-linux-gnu/openmpi/include/mpi.h', '');
    write('opt/deb/build-essential/usr/bin/.keep', '');
    cpSync('/usr/bin/git', path.join(folder, 'opt/deb/git/usr/bin/git'));
    symlinkSync('git', path.join(folder, 'opt/deb/git/usr/bin/git-upload-pack'));
    cpSync('/usr/bin/make', path.join(folder, 'opt/deb/build-essential/usr/bin/make'));
    const nccl = { Makefile: ncclMakefile, 'src/all.cu': '// all\n', 'src/nccl.h': '// nccl\n' };
    repository(path.join(folder, 'srv/git/nccl'), [
      ['v1', nccl],
      ['broken', { ...nccl, 'src/all.cu': '// all\n\n#error "of the test"\n' }],
    ]);
    const tests = { Makefile: testsMakefile, 'src/all_gather.cu': allGather, 'src/all_reduce.cu': allGather };
    repository(path.join(folder, 'srv/git/nccl-tests'), [['v1', tests]]);
    const tar = execFileSync('tar', ['-C', folder, '-c', '.'], { maxBuffer: 64 * 1024 ** 2 });
    await Promise.all(
      sides.map((side) =>
        lab.sh(
          side,
          'base64 -d | tar -x -C / --no-same-owner --no-overwrite-dir && sh /opt/deb/build && rm -rf /opt/deb/build',
          { input: tar.toString('base64'), timeoutMs: 60_000 },
        ),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A repository with a tag for each of the states, one after the other. */
function repository(folder: string, states: readonly [tag: string, files: Record<string, string>][]): void {
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
      stdio: 'pipe',
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
    });
  mkdirSync(folder, { recursive: true });
  git('init', '-q', '-b', 'main');
  for (const [tag, files] of states) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    git('add', '.');
    git('commit', '-q', '-m', tag);
    git('tag', tag);
  }
}

/** An archive on the node itself; nothing is fetched. What apt rewrites on its first installation is settled here. */
const debs = `set -eu
cd /opt/deb
for name in git build-essential libopenmpi-dev openmpi-bin; do
  rm -f "$name/usr/bin/.keep"
  mkdir "$name/DEBIAN"
  printf 'Package: %s\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: t <t@example.org>\\nDescription: t\\n' "$name" >"$name/DEBIAN/control"
  dpkg-deb -Znone -b "$name" . >/dev/null
  deb=\${name}_1.0_all.deb
  { cat "$name/DEBIAN/control"; printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum <"$deb" | cut -c 1-64)"; } >>Packages
  rm -r "$name"
done
echo 'deb [trusted=yes] file:/opt/deb ./' >/etc/apt/sources.list.d/twin.list
mv /etc/apt/sources.list /etc/apt/sources.list.away 2>/dev/null || :
apt-get -q update && dpkg --configure -a
apt-get -q -y install libopenmpi-dev && apt-get -q -y purge libopenmpi-dev
`;
