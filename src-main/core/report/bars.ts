import type { Bar } from './document';
import { escapeHtml } from './escape-html';

const WIDTH = 400;
const HEIGHT = 18;

/** A bar for each result with the healthy band behind it. A screen reader hears the figure, band and verdict of each. */
export function barsHtml(caption: string, bars: readonly Bar[]): string {
  return [
    '<figure>',
    `<figcaption>${escapeHtml(caption)}</figcaption>`,
    '<ul class="bars">',
    ...bars.map(
      (bar) =>
        `<li><span>${escapeHtml(bar.label)}</span>\n${picture(bar)}\n<span>${escapeHtml(`${bar.text} – ${bar.levelText}`)}</span></li>`,
    ),
    '</ul>',
    '</figure>',
  ].join('\n');
}

function picture({ label, text, levelText, value, max, healthy, level }: Bar): string {
  const x = (figure: number) => Math.round((Math.min(Math.max(figure, 0), max) / max) * WIDTH);
  const name = escapeHtml(`${label}: ${text}, ${levelText}`);
  const band =
    healthy === null
      ? ''
      : `<rect class="band" x="${x(healthy[0])}" y="0" width="${x(healthy[1]) - x(healthy[0])}" height="${HEIGHT}"/>`;
  const known = ['healthy', 'suspicious', 'bad'].includes(level) ? level : 'unknown';
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}"><title>${name}</title><rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>${band}<rect class="${known}" y="4" width="${x(value)}" height="${HEIGHT - 8}"/></svg>`;
}
