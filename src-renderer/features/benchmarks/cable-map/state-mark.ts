import type { HalfState } from '../../../state/cable';

/** The shapes that the window has for a state; see `ui/status-icon.svelte`. */
type Mark = 'open' | 'ok' | 'waiting' | 'failed' | 'skipped';

const marks: Readonly<Record<HalfState, Mark>> = {
  up: 'ok',
  bare: 'waiting',
  apart: 'failed',
  'one-end': 'failed',
  down: 'skipped',
  unknown: 'open',
};

/** The shape of a half's state. */
export function stateMark(state: HalfState): Mark {
  return marks[state];
}
