import type { RootFiles } from './root-files';

/** A program that runs, as /proc shows it. */
export interface RunningProgram {
  readonly pid: number;
  readonly uid: number;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** /proc/PID of the programs that run for a while; those that end with the script that started them have none. */
export class ProcessFiles {
  readonly #running = new Map<number, RunningProgram>();

  constructor(private readonly files: RootFiles) {}

  /** Nothing for one that is there under another name. @returns what takes it out again */
  add(program: RunningProgram): () => void {
    if (this.#running.has(program.pid)) return () => undefined;
    this.#running.set(program.pid, program);
    this.#mount(program);
    return () => {
      this.#running.delete(program.pid);
      this.files.remove(`/proc/${program.pid}`);
    };
  }

  all(): readonly RunningProgram[] {
    return [...this.#running.values()].sort((a, b) => a.pid - b.pid);
  }

  #mount({ pid, uid, args, env }: RunningProgram): void {
    const { files } = this;
    const base = `/proc/${pid}`;
    const name = (args[0] ?? '').replace(/^.*\//, '').slice(0, 15);
    const nul = (words: readonly string[]) => words.map((word) => `${word}\0`).join('');
    files.folder(base, { mode: 0o555, uid, gid: uid });
    const file = (path: string, mode: number, text: string) => {
      files.live(`${base}/${path}`, () => text);
      Object.assign(files.node(`${base}/${path}`) ?? {}, { mode, uid, gid: uid });
    };
    file('comm', 0o644, `${name}\n`);
    file('cmdline', 0o444, nul(args));
    file('environ', 0o400, nul(Object.entries(env).map(([key, value]) => `${key}=${value}`)));
    // Its own leader: state, parent, group, session (proc(5)).
    file(
      'stat',
      0o444,
      `${pid} (${name}) S 1 ${pid} ${pid} 0 -1 4194304 0 0 0 0 1 1 0 0 20 0 1 0 1440000 0 0\n`,
    );
    file(
      'status',
      0o444,
      `Name:\t${name}\nState:\tS (sleeping)\nPid:\t${pid}\nPPid:\t1\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`,
    );
  }
}
