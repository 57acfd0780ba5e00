import { parts, type Block, type Cell, type Document } from './document';

/**
 * Markdown as forums (Discourse) and GitHub read it. What came from outside stands in code, where nothing is markup, a link,
 * a mention or an emoji; in our own sentences, which may carry a parameter from outside, whatever could be one does too.
 */
export function markdownText({ title, blocks }: Document): string {
  return `${[`# ${words(title)}`, ...blocks.map(block)].filter((text) => text !== '').join('\n\n')}\n`;
}

function block(one: Block): string {
  switch (one.kind) {
    case 'heading':
      return `${'#'.repeat(one.level)} ${words(one.text)}`;
    case 'text':
      return cell(one.text);
    case 'list':
      return one.items.map((item) => `- ${cell(item)}`).join('\n');
    case 'nodes':
      return one.names
        .map((name, index) =>
          [
            `### ${words(one.label)} ${index + 1}: ${cell(name)}`,
            '',
            ...one.rows.map(({ label, values }) => `- ${words(label)}: ${cell(values[index] ?? '')}`),
          ].join('\n'),
        )
        .join('\n\n');
    case 'table':
      return [
        line(one.head.map((head) => words(head))),
        line(one.head.map(() => '---')),
        ...one.rows.map((row) => line(row.map((value) => piped(cell(value))))),
      ].join('\n');
    case 'code':
      return one.folded
        ? `<details><summary>${summary(one.title)}</summary>\n\n${fenced(one.text)}\n\n</details>`
        : `${cell(one.title)}\n\n${fenced(one.text)}`;
    case 'bars':
      // The table above says it.
      return '';
  }
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** In a table a pipe ends the cell, in code too, unless one backslash stands before it: two would let it through again. */
function piped(text: string): string {
  return text.replace(/(\\*)\|/g, (_, before: string) => `${before === '' ? '' : `${before} `}\\|`);
}

function cell(value: Cell): string {
  return apart(parts(value).map((part) => (typeof part === 'string' ? words(part) : code(part.literal))));
}

/** One after the other: ticks of neighbours must not become one run, which would end the code somewhere else. */
function apart(pieces: readonly string[]): string {
  return pieces.reduce(
    (text, piece) => text + (text.endsWith('`') && piece.startsWith('`') ? ' ' : '') + piece,
    '',
  );
}

/** What a page or a program may make a link, a mention, a reference, an emoji or a picture of. */
const lively = /[@\\<>&|[\]]|:\/\/|:\S*:|[#!]\w|[\p{L}\p{N}]\.\p{L}|www/u;

/** A sentence of ours: what stands between backticks is code, words that could come alive are code, the rest is text. */
function words(text: string): string {
  return apart(
    text
      .replaceAll(/\s*\n\s*/g, ' ')
      // Where a line begins, a number with a stop makes a list.
      .replace(/^\d+[.)](?=\s|$)/, (number) => `\`${number}\``)
      .split(/(`[^`]+`)/)
      .flatMap((piece) =>
        /^`[^`]+`$/.test(piece)
          ? [code(piece.slice(1, -1))]
          : piece.split(/(\s+)/).map((word) => (lively.test(word) ? bare(word) : escape(word))),
      ),
  );
}

/** A word as code, without the brackets and stops of the sentence around it. */
function bare(word: string): string {
  const [, before = '', inner = '', after = ''] = /^(["'“(]*)(.*?)([)"'”,;:.]*)$/.exec(word) ?? [];
  return apart([escape(before), code(inner), escape(after)]);
}

/** Backslashes before what CommonMark may read as markup: anywhere, or at the beginning of a line. */
function escape(text: string): string {
  return text
    .replace(/[\\`*{}[\]<>~&^$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/^[-+#=!]/, '\\$&');
}

/** A code span that ends nowhere but at its end. */
function code(text: string): string {
  const inner = text.replaceAll(/\s+/g, ' ').trim();
  if (inner === '') return '';
  const ticks = '`'.repeat(longest(inner, /`+/g) + 1);
  const room = inner.startsWith('`') || inner.endsWith('`') ? ' ' : '';
  return `${ticks}${room}${inner}${room}${ticks}`;
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, longest(text, /`+/g) + 1));
  return `${fence}text\n${text.trimEnd()}\n${fence}`;
}

function longest(text: string, runs: RegExp): number {
  return Math.max(0, ...(text.match(runs) ?? []).map(({ length }) => length));
}

/** Within HTML tags Markdown is not read everywhere. */
function summary(title: Cell): string {
  const text = parts(title)
    .map((part) => (typeof part === 'string' ? part : part.literal))
    .join('');
  return text.replace(/[^\p{L}\p{N} ,;()/_-]/gu, (character) => `&#${character.codePointAt(0) ?? 0xfffd};`);
}
