import { describe, expect, it } from 'vitest';
import { htmlText } from '../../../../src-main/core/report/html';
import { literal, type Block, type Document } from '../../../../src-main/core/report/document';
import { markdownText } from '../../../../src-main/core/report/markdown';
import { report } from '../../../../src-main/core/report/report';
import { english, input, nodeFacts, source } from './input';

const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</code></td></table><h1>owned',
  '" onmouseover="alert(1)',
  '@everyone',
  '#123',
  '[click](https://evil.example)',
  '![x](http://evil.example/x.png)',
  'www.evil.example',
  'evil.example',
  'mail@evil.example',
  '`code` @everyone',
  '``` \n# heading\n```',
  'a | b | c',
  'a \\| b',
  'a \\\\| b',
  ':smile:',
  '**bold** _it_ ~~gone~~',
  '- item',
  '1. item',
  '> quote',
  '&lt;b&gt; &#60;',
  'x`y`@everyone`z`',
  '``@everyone``',
  '\\`@everyone\\`',
  '$x$ $$y$$',
];

function page(blocks: Block[]): Document {
  return { title: 'Title', language: 'en', blocks };
}

/** What is left of Markdown when code spans and fenced code are taken out, as CommonMark finds them. */
function outsideCode(markdown: string): string {
  const withoutFences = markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');
  let rest = '';
  for (let at = 0; at < withoutFences.length;) {
    const character = withoutFences.charAt(at);
    if (character === '\\') {
      rest += withoutFences.slice(at, at + 2);
      at += 2;
    } else if (character === '`') {
      const ticks = /^`+/.exec(withoutFences.slice(at))?.[0] ?? '';
      const close = new RegExp(`(?<!\`)\`{${ticks.length}}(?!\`)`, 'g');
      close.lastIndex = at + ticks.length;
      const end = close.exec(withoutFences);
      // A span does not go past its paragraph.
      const inside = end === null ? null : withoutFences.slice(at, end.index);
      if (end === null || inside?.includes('\n\n') === true) {
        rest += ticks;
        at += ticks.length;
      } else {
        rest += '\u0000';
        at = end.index + ticks.length;
      }
    } else {
      rest += character;
      at++;
    }
  }
  return rest;
}

describe('Markdown', () => {
  it.each(hostile)('shows %j from outside as code, whole, in a list and in a table', (text) => {
    const markdown = markdownText(
      page([
        { kind: 'list', items: [literal(text)] },
        { kind: 'table', caption: '', head: ['one', 'two'], rows: [[literal(text), literal('end')]] },
        { kind: 'text', text: [literal(text), ' and ', literal(text)] },
      ]),
    );
    const rest = outsideCode(markdown);
    expect(rest.replace(/\\./g, '')).not.toMatch(
      /[@<>&]|evil|alert|everyone|\]\(|smile|bold|item|quote|heading/,
    );
    // As GitHub splits a row: a pipe with one backslash before it is no border.
    const row = markdown.split('\n').find((line) => line.endsWith('`end` |')) ?? '';
    expect(row.replace(/\\[\\|]/g, '').match(/\|/g)).toHaveLength(3);
  });

  it.each(hostile)('lets %j as a parameter of a sentence of ours do nothing', (text) => {
    const markdown = markdownText(page([{ kind: 'text', text: `They went over ${text}, meant was eth0.` }]));
    const rest = outsideCode(markdown).replace(/\\./g, '');
    expect(rest).not.toMatch(/[@<>&|]|evil|everyone|\]\(|:smile:|\*\*|~~|#\d|\$/);
    expect(rest.split('\n').filter((line) => line !== '' && !/^(# Title|They went)/.test(line))).toEqual([]);
  });

  it.each(['```', '````\n```', '</details>', 'a\n```\n# out'])('keeps %j inside its fence', (text) => {
    const markdown = markdownText(page([{ kind: 'code', title: 'Output', text, folded: false }]));
    expect(outsideCode(markdown).trim()).toBe('# Title\n\nOutput');
  });

  it('writes no markup into the title of what is folded', () => {
    const markdown = markdownText(
      page([{ kind: 'code', title: literal('</summary><script>'), text: 'x', folded: true }]),
    );
    expect(markdown).toContain('<summary>&#60;/summary&#62;&#60;script&#62;</summary>');
  });
});

describe('HTML', () => {
  it.each(hostile)('shows %j as text', (text) => {
    const blocks: Block[] = [
      { kind: 'text', text: literal(text) },
      { kind: 'text', text },
      { kind: 'code', title: literal(text), text, folded: true },
      { kind: 'nodes', label: text, names: [literal(text), literal(text)], rows: [] },
      {
        kind: 'bars',
        caption: text,
        bars: [{ label: text, value: 1, text, max: 2, healthy: null, level: text, levelText: text }],
      },
    ];
    const html = htmlText({ title: text, language: 'en', blocks });
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag = '']) => tag.toLowerCase());
    const known =
      'html head meta title style body main h1 p code details summary pre div table thead tr td th tbody figure figcaption ul li span svg rect';
    expect(tags.filter((tag) => !known.split(' ').includes(tag))).toEqual([]);
    expect(html.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\son\w+=/i);
    expect(html.match(/<h1>/g)).toHaveLength(1);
  });

  it('runs no script, loads nothing, and lets its own style sheet alone in', () => {
    const html = report({ format: 'html', mask: [] }, input(), english);
    expect(html).toMatch(/content="default-src &#39;none&#39;; style-src &#39;sha256-[\w+/=]+&#39;;/);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\sstyle=|\ssrc=|\shref=|url\(|@import/);
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toContain('@media print');
  });

  it('tells a screen reader what a bar shows', () => {
    const html = report({ format: 'html', mask: [] }, input(), english);
    expect(html).toMatch(
      /<svg [^>]*role="img" aria-label="ib_write_bw: both halves[^"]*: 99.6 Gb\/s, Healthy">/,
    );
  });
});

describe('every format', () => {
  it.each(hostile)('takes %j as a name of a node', (text) => {
    const nodes = [source(0, { name: text, facts: nodeFacts(0, { hostname: text }) }), source(1)] as const;
    const given = input({ nodes });
    const markdown = outsideCode(report({ format: 'markdown', mask: [] }, given, english));
    expect(markdown.replace(/\\./g, '')).not.toMatch(/@|evil|everyone|<(?!\/?(details|summary)>)/);
    expect(report({ format: 'html', mask: [] }, given, english)).not.toMatch(/<(script|img|h1>owned)/);
    expect(() => JSON.parse(report({ format: 'json', mask: [] }, given, english)) as unknown).not.toThrow();
  });

  it('leaves no character that steers a terminal or turns the order of others round', () => {
    const text = 'a\u001b[31mred\u001b]0;title\u0007 \u202eturned\u0000 \ud800 end';
    const nodes = [source(0, { name: text }), source(1)] as const;
    for (const format of ['markdown', 'html', 'json'] as const) {
      const made = report({ format, mask: [] }, input({ nodes }), english);
      expect(made).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(made).toContain('ared');
    }
  });
});
