import { describe, expect, it } from 'vitest';
import {
  Acknowledger,
  batchCharacters,
  idleMs,
} from '../../../../src-renderer/features/terminals/acknowledger';
import { sliceCharacters, slices } from '../../../../src-renderer/features/terminals/slices';
import { lowWater } from '../../../../src-main/app/terminals/flow';
import { Clock } from './clock';

describe('acknowledging what was parsed', () => {
  function start() {
    const clock = new Clock();
    const sent: number[] = [];
    return { clock, sent, acknowledger: new Acknowledger((characters) => sent.push(characters), clock) };
  }

  it('tells a batch at once and a rest when it is idle', () => {
    const { clock, sent, acknowledger } = start();
    acknowledger.parsed(batchCharacters - 1);
    expect(sent).toEqual([]);
    acknowledger.parsed(1);
    expect(sent).toEqual([batchCharacters]);
    acknowledger.parsed(7);
    acknowledger.parsed(3);
    clock.pass(idleMs - 1);
    expect(sent).toEqual([batchCharacters]);
    clock.pass(1);
    expect(sent).toEqual([batchCharacters, 10]);
    expect(clock.waiting).toBe(0);
  });

  it('tells every character once, whatever the sizes', () => {
    const { clock, sent, acknowledger } = start();
    let total = 0;
    for (let size = 0; size < 3000; size += 37) {
      acknowledger.parsed(size);
      total += size;
    }
    clock.pass(idleMs);
    expect(sent.reduce((sum, characters) => sum + characters, 0)).toBe(total);
    expect(sent.length).toBeLessThanOrEqual(Math.ceil(total / batchCharacters) + 1);
  });

  it('never holds back so much that main would stay paused', () => {
    expect(batchCharacters - 1).toBeLessThan(lowWater);
  });
});

describe('cutting output into slices', () => {
  it('keeps every character, and counts what was sent', () => {
    const text = 'x'.repeat(3 * sliceCharacters + 5);
    const cut = [...slices(text)];
    expect(cut.map((slice) => slice.text).join('')).toBe(text);
    expect(cut.map((slice) => slice.characters)).toEqual([
      sliceCharacters,
      sliceCharacters,
      sliceCharacters,
      5,
    ]);
    expect([...slices('')]).toEqual([]);
  });

  it('leaves out marks that pile up on one character, and acknowledges them all the same', () => {
    const [slice] = [...slices(`a${'\u0301'.repeat(1000)}b`)];
    expect(slice?.text).toBe(`a${'\u0301'.repeat(16)}b`);
    expect(slice?.characters).toBe(1002);
    const written = 'e\u0301 \u1112\u1161\u11ab ท\u0e35\u0e48 \u{1f469}\u200d\u{1f4bb}';
    expect([...slices(written)][0]?.text).toBe(written);
  });
});
