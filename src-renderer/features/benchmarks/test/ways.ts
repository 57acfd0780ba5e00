import type { BenchHalves, Half, Slices } from '../../../api/types';
import { cableMap, type CableEnd } from '../../../state/cable';

/** A half that a test would go over. */
export interface Way {
  readonly half: Half;
  readonly ends: readonly [CableEnd, CableEnd];
}

/** The halves that are wanted, as far as both nodes have addresses there, and those that cannot be used. */
export function waysOf(halves: BenchHalves, facts: Slices['facts']): { ways: Way[]; unset: Half[] } {
  const wanted: Half[] = halves === 'both' ? ['a', 'b'] : [halves];
  const { cables } = cableMap(facts);
  const found = wanted.flatMap((half): Way[] => {
    const link = cables
      .flatMap((cable) => cable.halves)
      .find((one) => one.half === half && one.state === 'up');
    const [one, two] = link?.ends ?? [];
    return one && two ? [{ half, ends: [one, two] }] : [];
  });
  return { ways: found, unset: wanted.filter((half) => !found.some((way) => way.half === half)) };
}
