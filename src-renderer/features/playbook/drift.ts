import { createTwoFilesPatch } from 'diff';

const head = '--- left by the run\n';
const middle = '\n+++ now\n';

/**
 * What a run left and what is there now, as the engine tells it one below the other, as a unified diff. Null for a text that is
 * put together in another way: it is then shown as it is.
 */
export function driftDiff(difference: string): string | null {
  const at = difference.indexOf(middle);
  if (!difference.startsWith(head) || at < 0) return null;
  const left = difference.slice(head.length, at);
  const now = difference.slice(at + middle.length);
  const line = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
  return createTwoFilesPatch('a', 'b', line(left), line(now));
}
