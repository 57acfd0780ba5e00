import type { Slices } from '../../api/types';

/**
 * Changes that "Roll back everything" takes back: those of the open playbook, by its stages, and those that other playbooks
 * have left on the same two machines.
 */
export function changesInPlace(book: NonNullable<Slices['book']>, runs: Slices['runs']): number {
  const own = book.stages.map(({ inPlace }) => inPlace);
  const others = runs
    .filter(({ run, playbook }) => playbook !== book.playbook && book.live.includes(run))
    .map(({ inPlace }) => inPlace);
  return [...own, ...others].reduce((sum, one) => sum + one, 0);
}
