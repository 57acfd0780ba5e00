import type { Tone } from './graph';

/** What a canvas takes of the window's tokens, as CSS colours, and its font. */
export interface Colours {
  readonly tones: Readonly<Record<Tone, string>>;
  readonly text: string;
  readonly dim: string;
  readonly grid: string;
  readonly edge: string;
  readonly ground: string;
  readonly ok: string;
  readonly font: string;
}

/** The tokens as they are now: a canvas does not follow them by itself. */
export function readColours(element: Element): Colours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    tones: {
      node1: token('n1'),
      node2: token('n2'),
      main: token('acc'),
      dim: token('dim'),
      warn: token('warn'),
      bad: token('bad'),
      run1: token('run1'),
      run2: token('run2'),
      run3: token('run3'),
      run4: token('run4'),
      run5: token('run5'),
    },
    text: token('text'),
    dim: token('dim'),
    grid: token('line'),
    edge: token('edge'),
    ground: token('pane'),
    ok: token('ok'),
    font: style.fontFamily,
  };
}

/** A token's colour, `#rgb` or `#rrggbb`, let through. @param part 0 … 1 */
export function faint(colour: string, part: number): string {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour);
  const whole = short
    ? `#${short
        .slice(1)
        .map((digit) => digit + digit)
        .join('')}`
    : colour;
  return `${whole}${Math.round(part * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
