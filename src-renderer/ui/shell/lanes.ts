import type { Half, NodeFacts, Slices } from '../../api/types';

/**
 * One half of the cable: `unknown` while nobody has read the ports, `down` without carrier at either end, `wrong` with
 * carrier at one end only, `moving` while a stage that sends bytes over it runs.
 */
export type LaneState = 'unknown' | 'down' | 'up' | 'moving' | 'wrong';

/** Stages that send bytes over the cable. */
const sendingStages = new Set(['network', 'verify']);

function isUp(facts: NodeFacts | null, half: Half): boolean | null {
  if (!facts?.ports.known) return null;
  return facts.ports.value.some((port) => port.half === half && port.up);
}

/** What the lane of a half shows. */
export function laneState(half: Half, facts: Slices['facts'], book: Slices['book']): LaneState {
  const ends = [isUp(facts.node1, half), isUp(facts.node2, half)];
  if (ends.includes(null)) return 'unknown';
  if (ends[0] !== ends[1]) return 'wrong';
  if (ends[0] === false) return 'down';
  const sending = book?.stages.some((stage) => stage.status === 'running' && sendingStages.has(stage.id));
  return sending === true ? 'moving' : 'up';
}
