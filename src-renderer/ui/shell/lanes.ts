import type { Half, NodeFacts, Slices } from '../../api/types';
import { flowOf, type HalfRates } from '../../state/half-rates';

/** One half of the cable, as a lane shows it. */
export interface Shown {
  /**
   * `unknown` while nobody has read the ports, `down` without carrier at either end, `wrong` with carrier at one end only.
   */
  readonly state: 'unknown' | 'down' | 'up' | 'wrong';
  /** Bytes move, as counters or a stage at work say. */
  readonly flow: 'forward' | 'reverse' | 'both' | null;
}

/** Stages that send bytes over the cable. */
const sendingStages = new Set(['network', 'verify']);

/** What the lane of a half shows. @param rates what a measurement that runs has counted last */
export function laneShown(
  half: Half,
  facts: Slices['facts'],
  book: Slices['book'],
  rates: HalfRates | null,
): Shown {
  const ends = [isUp(facts.node1, half), isUp(facts.node2, half)];
  if (ends.includes(null)) return { state: 'unknown', flow: null };
  if (ends[0] !== ends[1]) return { state: 'wrong', flow: null };
  if (ends[0] === false) return { state: 'down', flow: null };
  const sending = book?.stages.some((stage) => stage.status === 'running' && sendingStages.has(stage.id));
  return { state: 'up', flow: sending === true ? 'forward' : flowOf(rates) };
}

function isUp(facts: NodeFacts | null, half: Half): boolean | null {
  if (!facts?.ports.known) return null;
  return facts.ports.value.some((port) => port.half === half && port.up);
}
