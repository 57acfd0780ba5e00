import { describe, expect, it } from 'vitest';
import { InputQueue, mostUntaken } from '../../../../src-renderer/features/terminals/input-queue';
import {
  bracketed,
  cleanText,
  preparePaste,
  typedText,
} from '../../../../src-renderer/features/terminals/input-text';

const open = '\u001b[200~';
const close = '\u001b[201~';

describe('a command that is typed and not run', () => {
  const hostile = [
    'ls\n',
    'ls\r\n\r\n',
    'ls\r',
    'ls\u2028rm -rf /\u2029',
    'ls\u0085id',
    'a\nb',
    '\n\nls',
    'ls\u0003\u0004\u001a\u001b[A\n',
    `a${close}\rrm -rf /\r`,
    `a\u009b201~\rid\r`,
    'x\u001b\u001b[[201~201~\nid\n',
    'a\u0000\n\tb\u007f',
  ];

  it.each(hostile)('lets no line end through outside of brackets: %j', (text) => {
    const plain = typedText(text, false);
    expect(plain ?? '').not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    const inside = typedText(text, true);
    expect(inside?.startsWith(open)).toBe(true);
    expect(inside?.endsWith(close)).toBe(true);
    const held = inside?.slice(open.length, -close.length) ?? '';
    expect(held).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\n]/);
    expect(held).not.toMatch(/\s$/);
  });

  it('types one line as it is', () => {
    expect(typedText("sudo sh -c 'ip -j addr'\n", false)).toBe("sudo sh -c 'ip -j addr'");
    expect(typedText('a\tb', false)).toBe('a b');
    expect(typedText('네트워크 확인', false)).toBe('네트워크 확인');
  });

  it('refuses several lines where there are no brackets, and keeps them where there are', () => {
    expect(typedText('a\nb', false)).toBeNull();
    expect(typedText('a\n\tb\n', true)).toBe(`${open}a\r\tb${close}`);
  });

  it('types nothing for nothing', () => {
    expect(typedText(' \n', false)).toBeNull();
    expect(typedText('\u001b', true)).toBeNull();
  });
});

describe('a paste', () => {
  it('is asked about when a line would run', () => {
    expect(preparePaste('ls', false)).toEqual({ data: 'ls', lines: ['ls'], ask: false });
    expect(preparePaste('ls\n', false)).toEqual({ data: 'ls\r', lines: ['ls'], ask: true });
    expect(preparePaste('a\r\nb', false)).toEqual({ data: 'a\rb', lines: ['a', 'b'], ask: true });
  });

  it('goes in brackets without a question where the shell wants them, and cannot end them', () => {
    const paste = preparePaste(`a${close}\nrm -rf /\n`, true);
    expect(paste.ask).toBe(false);
    expect(paste.data).toBe(`${open}a[201~\rrm -rf /\r${close}`);
  });

  it('keeps tabs, drops other control characters', () => {
    expect(cleanText('a\tb\u0007\u001bc\u0080')).toBe('a\tbc');
    expect(bracketed('a\nb')).toBe(`${open}a\rb${close}`);
  });
});

describe('the queue of what is typed', () => {
  function start(callCharacters = 10) {
    const sent: string[] = [];
    const settle: (() => void)[] = [];
    const queue = new InputQueue({
      callCharacters,
      send: (data) => {
        sent.push(data);
        return new Promise((resolve, reject) =>
          settle.push(sent.length % 2 === 0 ? () => reject(new Error('gone')) : () => resolve(null)),
        );
      },
    });
    return { queue, sent, settle };
  }

  it('joins what comes in one turn, in order, and cuts it for main', async () => {
    const { queue, sent } = start();
    queue.push('abc');
    queue.push('defghijkl');
    expect(sent).toEqual([]);
    await Promise.resolve();
    expect(sent).toEqual(['abcdefghij', 'kl']);
  });

  it('tears no character in two', async () => {
    const { queue, sent } = start(4);
    queue.push('abc\u{1f600}def');
    await Promise.resolve();
    expect(sent).toEqual(['abc', '\u{1f600}de', 'f']);
  });

  it('takes no more than its limit until main has taken some, but always a key', async () => {
    const { queue, sent, settle } = start(mostUntaken);
    expect(queue.push('x'.repeat(mostUntaken))).toBe(true);
    expect(queue.push('paste that is too much')).toBe(false);
    expect(queue.push('\u0003')).toBe(true);
    await Promise.resolve();
    expect(sent.join('')).toHaveLength(mostUntaken + 1);
    for (const one of settle) one();
    await new Promise((resolve) => setImmediate(resolve));
    expect(queue.push('there is room again')).toBe(true);
  });
});
