import type { Half, TrafficSample } from '../api/types';

/** Bytes per second through one half of the cable. */
export interface HalfRates {
  /** From node 1 to node 2. */
  readonly forward: number;
  readonly reverse: number;
}

/** Below this it is what idle interfaces say to each other, bytes per second. */
const idle = 4000;

/**
 * What each half carried in one interval; null where its links could not be read. Both ends see the same bytes: node 1 is asked,
 * and node 2 where it says nothing.
 * @param names of node 1 and node 2
 */
export function halfRates(
  sample: TrafficSample | undefined,
  names: readonly [string, string],
): Readonly<Record<Half, HalfRates | null>> {
  const of = (half: Half): HalfRates | null => {
    const links = (node: string) =>
      sample?.links.filter((link) => link.half === half && link.node === node) ?? [];
    const [one, two] = [links(names[0]), links(names[1])];
    const sent = (from: typeof one) => from.reduce((sum, link) => sum + link.sentPerSecond, 0);
    const received = (from: typeof one) => from.reduce((sum, link) => sum + link.receivedPerSecond, 0);
    if (one.length > 0) return { forward: sent(one), reverse: received(one) };
    return two.length > 0 ? { forward: received(two), reverse: sent(two) } : null;
  };
  return { a: of('a'), b: of('b') };
}

/** Bytes move here, and which way. */
export function flowOf(rates: HalfRates | null): 'forward' | 'reverse' | 'both' | null {
  const forward = (rates?.forward ?? 0) > idle;
  const reverse = (rates?.reverse ?? 0) > idle;
  // Acknowledgements of a one-way test are a hundredth of it.
  if (forward && reverse && rates) {
    if (rates.reverse < rates.forward / 10) return 'forward';
    return rates.forward < rates.reverse / 10 ? 'reverse' : 'both';
  }
  return forward ? 'forward' : reverse ? 'reverse' : null;
}
