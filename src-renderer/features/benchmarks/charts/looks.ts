import type { Dash, LineLook, Mark, Tone } from './graph';

/** How the lines of one measurement are told apart. */
export const looks = {
  whole: { tone: 'main', dash: 'solid', mark: 'circle' },
  a: { tone: 'run2', dash: 'dashed', mark: 'square' },
  b: { tone: 'run3', dash: 'dotted', mark: 'diamond' },
  forward: { tone: 'node1', dash: 'solid', mark: 'circle' },
  reverse: { tone: 'node2', dash: 'dashed', mark: 'square' },
  inPlace: { tone: 'run2', dash: 'dashed', mark: 'square' },
  least: { tone: 'dim', dash: 'dotted', mark: 'none' },
  most: { tone: 'run5', dash: 'dotted', mark: 'cross' },
} as const satisfies Record<string, LineLook>;

const percentiles: readonly LineLook[] = [
  { tone: 'run2', dash: 'dashed', mark: 'square' },
  { tone: 'run3', dash: 'dashed', mark: 'diamond' },
  { tone: 'run4', dash: 'dotted', mark: 'triangle' },
];

export function percentileLook(index: number): LineLook {
  return percentiles[index % percentiles.length] ?? looks.whole;
}

const tones: readonly Tone[] = ['run1', 'run2', 'run3', 'run4', 'run5'];
const marks: readonly Mark[] = ['circle', 'square', 'diamond', 'triangle', 'cross'];

/** One of ten that are compared: five colours and shapes, solid first and dashed from the sixth on. */
export function comparedLook(index: number): LineLook {
  const dash: Dash = index < tones.length ? 'solid' : 'dashed';
  // The second round has other pairs of colour and shape than the first.
  const shift = index < tones.length ? 0 : 2;
  return {
    tone: tones[index % tones.length] ?? 'run1',
    dash,
    mark: marks[(index + shift) % marks.length] ?? 'circle',
  };
}
