import type { ChangeSummary, RunListed } from '../../api/types';

type Mark = 'open' | 'running' | 'ok' | 'warning' | 'failed' | 'waiting' | 'undone' | 'skipped';

const outcomes: Readonly<Record<RunListed['status'], Mark>> = {
  done: 'ok',
  failed: 'failed',
  cancelled: 'skipped',
  'rolled-back': 'undone',
  'rolled-back-with-differences': 'warning',
  interrupted: 'waiting',
};

export function runMark(status: RunListed['status']): Mark {
  return outcomes[status];
}

const changes: Readonly<Record<ChangeSummary['status'], Mark>> = {
  applied: 'ok',
  undone: 'undone',
  drifted: 'warning',
  unknown: 'waiting',
};

export function changeMark(status: ChangeSummary['status']): Mark {
  return changes[status];
}

interface Sayer {
  has(code: string): boolean;
  say(code: string): string;
}

/** A playbook's name for people; its id where it has none. */
export function playbookTitle(words: Sayer, playbook: string): string {
  const codes = [`${playbook}.title`, `${playbook.split('-')[0] ?? playbook}.title`];
  const known = codes.find((code) => words.has(code));
  return known === undefined ? playbook : words.say(known);
}

/** Why a run cannot be taken back now. */
export type Hindrance = 'none' | 'other' | 'busy';

/**
 * A run is taken back over the open pair.
 * @param pair names of the connected nodes of the open pair
 */
export function hindranceOf(
  run: Pick<RunListed, 'nodes' | 'inPlace'>,
  pair: readonly string[],
  busy: boolean,
): Hindrance | null {
  if (run.inPlace === 0) return 'none';
  if (!run.nodes.every((node) => pair.includes(node))) return 'other';
  return busy ? 'busy' : null;
}
