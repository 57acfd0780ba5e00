import envPaths from 'env-paths';
import path from 'node:path';

/**
 * The folder of journals and settings: the same as the command line's, so that a run made here is found there.
 * `--data-dir`, else `TWINSPARK_DATA_DIR`, else where the system keeps such things.
 */
export function dataFolder(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string {
  const given = optionOf(argv, '--data-dir') ?? env['TWINSPARK_DATA_DIR'];
  if (given !== undefined && given !== '') return path.resolve(cwd, given);
  return envPaths('twinspark', { suffix: '' }).data;
}

function optionOf(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at < 0) return undefined;
  return argv[at] === name ? argv[at + 1] : argv[at]?.slice(name.length + 1);
}
