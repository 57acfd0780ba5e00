import { fail } from '../support';

/** A program and where it runs. */
export interface MpiApp {
  readonly count: number | undefined;
  /** `HOST` or `HOST:SLOTS`, in the order of the ranks. */
  readonly hosts: readonly string[];
  /** `-x NAME[=VALUE]`. */
  readonly exports: readonly string[];
  readonly words: readonly string[];
}

export interface MpiOptions {
  readonly apps: readonly MpiApp[];
  readonly allowRoot: boolean;
}

const flags = new Set([
  '--allow-run-as-root',
  '--tag-output',
  '-q',
  '--quiet',
  '-v',
  '--report-bindings',
  '--oversubscribe',
]);
/** Words that follow an option. */
const taken: Readonly<Record<string, number>> = {
  '--mca': 2,
  '-mca': 2,
  '--bind-to': 1,
  '--map-by': 1,
  '--wdir': 1,
  '-wdir': 1,
  '--prefix': 1,
};

/** @throws Complaint in the words of Open MPI 4 */
export function mpiOptions(args: readonly string[]): MpiOptions {
  let allowRoot = false;
  const apps: MpiApp[] = [];
  for (const part of split(args)) {
    const queue = [...part];
    const app = { count: undefined as number | undefined, hosts: [] as string[], exports: [] as string[] };
    for (let word = queue[0]; word?.startsWith('-') === true; word = queue[0]) {
      queue.shift();
      if (word === '--allow-run-as-root') allowRoot = true;
      else if (/^(?:-n|-np|--np|-c)$/.test(word)) app.count = Number(queue.shift());
      else if (/^(?:-H|-host|--host)$/.test(word)) app.hosts.push(...(queue.shift() ?? '').split(','));
      else if (word === '-x') app.exports.push(queue.shift() ?? '');
      else if (Object.hasOwn(taken, word)) queue.splice(0, taken[word]);
      else if (!flags.has(word))
        return fail(`mpirun: Error: unknown option "${word}"\nType 'mpirun --help' for usage.`, 1);
    }
    if (queue.length === 0)
      fail(
        `${rule}\nmpirun could not find anything to do.\n\nIt is possible that you forgot to specify how many processes to run\nvia the "-np" argument.\n${rule}`,
        1,
      );
    apps.push({ ...app, words: queue });
  }
  return { apps, allowRoot };
}

export const rule = '-'.repeat(74);

/** Several programs stand with a colon between them. */
function split(args: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const word of args) {
    if (word === ':') parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}
