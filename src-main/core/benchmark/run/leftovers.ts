import { lines, raw, sh, type Script } from '../../shell/quote';
import { BENCH_MARK } from './command';

/**
 * Ends every process of the login user that carries the mark of a test, of this one when `id` is given: TERM, then KILL when
 * they are not gone in two seconds. Nobody else's are touched: another user's environment cannot be read, and for root the
 * owner is looked at. Prints `ended PID NAME` for each, and `stays PID NAME` for what cannot be ended.
 */
export function endLeftovers(id?: string): Script {
  const mark = `^${BENCH_MARK}=${id === undefined ? '' : `${id}$`}`;
  return lines(
    raw('marked() {'),
    sh`  grep -lsz -e ${mark} /proc/[0-9]*/environ | while IFS=/ read -r _ _ p _; do`,
    raw('    [ -O "/proc/$p" ] && echo "$p"'),
    raw('  done'),
    raw('}'),
    raw('tell() { for p in $2; do'),
    raw(`  printf '%s %s %s\\n' "$1" "$p" "$(cat "/proc/$p/comm" 2>/dev/null)"`),
    raw('done; }'),
    raw('left=$(marked)'),
    raw('if [ -n "$left" ]; then'),
    raw('  tell ended "$left"'),
    raw('  kill -s TERM $left 2>/dev/null'),
    raw('  for t in 0.05 0.1 0.2 0.4 0.5 0.7; do'),
    raw('    left=$(marked); [ -n "$left" ] || break; sleep "$t"'),
    raw('  done'),
    raw('  [ -z "$left" ] || kill -s KILL $left 2>/dev/null'),
    raw('  for t in 0.05 0.1 0.2 0.4 0.8; do'),
    raw('    left=$(marked); [ -n "$left" ] || break; sleep "$t"'),
    raw('  done'),
    raw('  tell stays "$left"'),
    raw('fi'),
  );
}

export interface Leftovers {
  /** Names of the processes that were found. */
  readonly ended: readonly string[];
  /** Those that could not be ended. */
  readonly stays: readonly string[];
}

export function parseLeftovers(output: string): Leftovers {
  const named = (word: string) =>
    [...output.matchAll(new RegExp(`^${word} (\\d{1,10}) ?(.{0,32})$`, 'gm'))].map(
      ([, pid = '', name = '']) => `${name} (${pid})`,
    );
  const stays = named('stays');
  return { ended: named('ended').filter((one) => !stays.includes(one)), stays };
}
