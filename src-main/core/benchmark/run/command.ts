import { quote, raw, sh, type Script } from '../../shell/quote';

/** In the environment of every process of a test, with the test's id: so leftovers are told from anybody else's. */
export const BENCH_MARK = 'TWINSPARK_BENCH';

/** One program of a test, a server or a client. */
export interface BenchProgram {
  /** Its name, or an absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  /** Variables that it is given. */
  readonly environment?: Readonly<Record<string, string>>;
  /** It is ended on the node after so many seconds, also when nobody is connected any more. */
  readonly limitSeconds: number;
}

/**
 * The one form in which a test's program runs: the shell becomes it, so that ending the command ends the program.
 * `--foreground` keeps it in the command's process group; `stdbuf` makes lines come when they are printed.
 */
export function benchCommand(id: string, { program, args, environment, limitSeconds }: BenchProgram): Script {
  const variables = Object.entries(environment ?? {}).map(([name, value]) => quote(`${name}=${value}`));
  const given = raw(variables.length === 0 ? '' : `env ${variables.join(' ')} `);
  return sh`${raw(BENCH_MARK)}=${id} exec timeout --foreground -k 2 ${limitSeconds} ${given}stdbuf -oL ${program} ${args}`;
}
