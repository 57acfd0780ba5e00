import { createHash } from 'node:crypto';
import { barsHtml } from './bars';
import { parts, type Block, type Cell, type Document } from './document';
import { escapeHtml } from './escape-html';
import { style } from './html-style';

/** One file that needs nothing else and runs nothing: its policy allows its own style sheet alone. */
export function htmlText({ title, language, blocks }: Document): string {
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `${[
    '<!doctype html>',
    `<html lang="${escapeHtml(language)}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escapeHtml(title)}</h1>`,
    ...blocks.map(block),
    '</main>',
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}

function block(one: Block): string {
  switch (one.kind) {
    case 'heading':
      return `<h${one.level}>${words(one.text)}</h${one.level}>`;
    case 'text':
      return `<p>${cell(one.text)}</p>`;
    case 'list':
      return `<ul>\n${one.items.map((item) => `<li>${cell(item)}</li>`).join('\n')}\n</ul>`;
    case 'nodes':
      return table(
        '<table class="nodes">',
        [
          '<td></td>',
          ...one.names.map(
            (name, index) => `<th scope="col">${words(one.label)} ${index + 1}: ${cell(name)}</th>`,
          ),
        ],
        one.rows.map(({ label, values }) => [
          `<th scope="row">${words(label)}</th>`,
          ...values.map((value) => `<td>${cell(value)}</td>`),
        ]),
      );
    case 'table':
      return table(
        `<table class="results">\n<caption>${words(one.caption)}</caption>`,
        one.head.map((head) => `<th scope="col">${words(head)}</th>`),
        one.rows.map((row) => row.map((value) => `<td>${cell(value)}</td>`)),
      );
    case 'code': {
      const body = `<pre tabindex="0"><code>${escapeHtml(one.text.trimEnd())}</code></pre>`;
      return one.folded
        ? `<details>\n<summary>${cell(one.title)}</summary>\n${body}\n</details>`
        : `<figure>\n<figcaption>${cell(one.title)}</figcaption>\n${body}\n</figure>`;
    }
    case 'bars':
      return barsHtml(one.caption, one.bars);
  }
}

function table(open: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = rows.map((row) => `<tr>${row.join('')}</tr>`).join('\n');
  return `<div class="wide" tabindex="0">\n${open}\n<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>\n</div>`;
}

function cell(value: Cell): string {
  return parts(value)
    .map((part) => (typeof part === 'string' ? words(part) : `<code>${escapeHtml(part.literal)}</code>`))
    .join('');
}

/** A sentence of ours: what stands between backticks is code. */
function words(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((piece) =>
      /^`[^`]+`$/.test(piece) ? `<code>${escapeHtml(piece.slice(1, -1))}</code>` : escapeHtml(piece),
    )
    .join('');
}
