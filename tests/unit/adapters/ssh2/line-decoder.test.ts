import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { LineDecoder, maxLineLength } from '../../../../src-main/adapters/ssh2/line-decoder';

function decode(...chunks: (string | Uint8Array)[]): string[] {
  const lines: string[] = [];
  const decoder = new LineDecoder((line) => lines.push(line));
  for (const chunk of chunks) decoder.push(Buffer.from(chunk as Uint8Array));
  decoder.end();
  return lines;
}

describe('lines of a byte stream', () => {
  it('end at LF, CR LF and a lone CR, wherever the chunks are cut', () => {
    const expected = ['a', 'b', '10%', '20%', '', 'c'];
    const text = 'a\nb\r\n10%\r20%\n\nc';
    expect(decode(text)).toEqual(expected);
    expect(decode(...Array.from(text))).toEqual(expected);
  });

  it('keep UTF-8 characters that are split over chunks, and replace what is none', () => {
    const bytes = Buffer.from('스파크 ✓\n');
    expect(decode(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(['스파크 ✓']);
    expect(decode(Uint8Array.of(0xff, 0x41, 0x0a))).toEqual(['\ufffdA']);
  });

  it('keep NUL and escape sequences as they are', () => {
    expect(decode('\u0000\u001b[2Jx\n')).toEqual(['\u0000\u001b[2Jx']);
  });

  it('are cut at the limit, and the next one is whole', () => {
    const lines = decode('x'.repeat(maxLineLength - 1), 'yz', 'w'.repeat(100_000), '\nnext\n');
    expect(lines).toEqual([`${'x'.repeat(maxLineLength - 1)}y`, 'next']);
  });
});
