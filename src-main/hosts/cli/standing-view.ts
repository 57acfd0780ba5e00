import type { BenchListed } from '../../contract/bench-record';
import type { Words } from '../../words/words';
import type { Paint } from './paint';

/** How a measurement stands against the pair's own past; null where there is none to hold it against. */
export function standingLine(
  listed: Pick<BenchListed, 'standing' | 'figure'> | null,
  words: Words,
  paint: Paint,
): string | null {
  const { standing, figure } = listed ?? {};
  if (!standing || !figure) return null;
  const { count, median, change, fallen } = standing;
  const params = { count, median, unit: figure.unit, part: Math.abs(change) };
  return fallen
    ? paint.yellow(words.say('bench.standing.fallen', params))
    : paint.dim(words.say('bench.standing.held', params));
}
