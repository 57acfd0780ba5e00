import type { AppState } from '../../state/app-state.svelte';

/** Why nothing can be measured now. */
export type Hindrance = 'no-pair' | 'connecting' | 'apart' | 'working' | 'reading';

/** @returns null when something can be measured */
export function hindranceOf({
  pair,
  book,
  facts,
}: Pick<AppState, 'pair' | 'book' | 'facts'>): Hindrance | null {
  if (pair === null) return 'no-pair';
  const states = pair.nodes.map(({ state }) => state);
  if (states.includes('connecting')) return 'connecting';
  if (!states.every((state) => state === 'connected')) return 'apart';
  if (book?.work) return 'working';
  return facts.node1 === null || facts.node2 === null ? 'reading' : null;
}
