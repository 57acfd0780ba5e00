import { dirname } from '../machine/paths';
import { fail, program, type Answer, type Call } from './support';

const binary = '\u007fELF (a program of the practice machine)\n';

/** What a make-believe build needs, prints and leaves; by the first line of its Makefile. */
interface Build {
  /** Headers that its sources include, with the file that includes them. */
  needs(variables: ReadonlyMap<string, string>): readonly (readonly [header: string, source: string])[];
  readonly sources: readonly string[];
  /** Files with their text; those in `programs` can be run. */
  readonly results: Readonly<Record<string, string>>;
  readonly programs: readonly string[];
}

const builds: Readonly<Record<string, Build>> = {
  '# NCCL': {
    needs: () => [],
    sources: ['bootstrap.cc', 'init.cc', 'transport/net_ib.cc', 'device/all_gather_sum.cu'],
    results: {
      'include/nccl.h': '/* nccl.h */\n',
      'lib/libnccl.so': binary,
      'lib/libnccl_static.a': binary,
    },
    programs: ['lib/libnccl.so'],
  },
  '# NCCL Tests': {
    needs: (variables) => [
      [`${variables.get('NCCL_HOME') ?? '/usr'}/include/nccl.h`, 'common.cu'],
      ...(variables.get('MPI') === '1'
        ? [[`${variables.get('MPI_HOME') ?? '/usr'}/include/mpi.h`, 'common.cu'] as const]
        : []),
    ],
    sources: ['common.cu', 'all_gather.cu', 'all_reduce.cu'],
    results: { all_gather_perf: binary, all_reduce_perf: binary },
    programs: ['all_gather_perf', 'all_reduce_perf'],
  },
};

/** make, for the sources that the practice machines can clone. */
export const make = program('make', async (call): Promise<Answer> => {
  const { folder, variables, targets } = read(call);
  const path = `${folder}/Makefile`;
  if (!(await call.fs.exists(path))) fail('make: *** No targets specified and no makefile found.  Stop.', 2);
  const build = builds[(await call.fs.readFile(path)).split('\n')[0] ?? ''];
  if (build === undefined) fail('make: *** This practice machine cannot build that.  Stop.', 2);
  if (targets.includes('clean')) return `make: Nothing to be done for 'clean'.\n`;
  const out = call.path(variables.get('BUILDDIR') ?? `${folder}/build`);
  const entered = `make: Entering directory '${folder}'\n`;
  const problem = await whyNot(call, build, variables);
  if (problem !== undefined)
    return {
      stdout: entered,
      stderr: `${problem}\nmake: *** [Makefile:3: src.build] Error 2\n`,
      exitCode: 2,
    };
  for (const [name, text] of Object.entries(build.results)) {
    await call.fs.mkdir(dirname(`${out}/${name}`), { recursive: true });
    await call.fs.writeFile(`${out}/${name}`, text);
    if (build.programs.includes(name)) await call.fs.chmod(`${out}/${name}`, 0o755);
  }
  const compiled = build.sources.map((name) => `Compiling  src/${name}\n`);
  const linked = build.programs.map((name) => `Linking    ${name}\n`);
  return `${entered}${compiled.join('')}${linked.join('')}make: Leaving directory '${folder}'\n`;
});

function read(call: Call): { folder: string; variables: Map<string, string>; targets: string[] } {
  const variables = new Map<string, string>();
  const targets: string[] = [];
  let folder = call.cwd;
  const words = [...call.args];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
    if (word === '-C') folder = call.fs.resolvePath(folder, words.shift() ?? '');
    else if (name !== undefined) variables.set(name, value);
    else if (!word.startsWith('-')) targets.push(word);
  }
  return { folder, variables, targets };
}

/** The compiler's complaint where something is missing. */
async function whyNot(
  call: Call,
  build: Build,
  variables: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const nvcc = `${variables.get('CUDA_HOME') ?? '/usr/local/cuda'}/bin/nvcc`;
  if (!(await call.fs.exists(nvcc))) return `/bin/sh: 1: ${nvcc}: not found`;
  const arch = /compute_(\d+)/.exec(variables.get('NVCC_GENCODE') ?? '')?.[1];
  if (arch !== undefined && Number(arch) > 121)
    return `nvcc fatal   : Unsupported gpu architecture 'compute_${arch}'`;
  for (const [header, source] of build.needs(variables))
    if (!(await call.fs.exists(header)))
      return `src/${source}:12:10: fatal error: ${header.slice(header.lastIndexOf('/') + 1)}: No such file or directory\ncompilation terminated.`;
  return undefined;
}
