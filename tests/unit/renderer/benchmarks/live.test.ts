import { describe, expect, it } from 'vitest';
import type { BenchRunning } from '../../../../src-main/contract/bench-record';
import { Progress } from '../../../../src-renderer/features/benchmarks/live/progress';
import { expectedTime, rateText } from '../../../../src-renderer/features/benchmarks/live/rate';
import { curve } from '../../../../src-renderer/features/benchmarks/cable-map/layout';

type Seen = Pick<BenchRunning, 'id' | 'phase' | 'startedAt' | 'expectedSeconds'>;

const seen = (changes: Partial<Seen> = {}): Seen => ({
  id: 'one',
  phase: 'measuring',
  startedAt: 0,
  expectedSeconds: 10,
  ...changes,
});

describe('Progress', () => {
  it('moves with the clock while measuring, and is never full before the end', () => {
    const progress = new Progress();
    expect(progress.show(seen({ phase: 'preparing' }), 0)).toBe(0);
    const begun = progress.show(seen(), 2000) ?? 0;
    const half = progress.show(seen(), 7000) ?? 0;
    expect(begun).toBeLessThan(0.1);
    expect(half).toBeGreaterThan(0.4);
    expect(half).toBeLessThan(0.6);
    expect(progress.show(seen(), 60_000)).toBeLessThan(1);
  });

  it('never goes back, whatever clock and phase say', () => {
    const progress = new Progress();
    const shown = [
      progress.show(seen(), 1000),
      progress.show(seen(), 9000),
      progress.show(seen(), 4000),
      progress.show(seen({ phase: 'preparing' }), 9500),
      progress.show(seen({ phase: 'ending' }), 9600),
      progress.show(seen(), 9700),
    ].map((value) => value ?? -1);
    expect(shown).toEqual(shown.toSorted((one, two) => one - two));
  });

  it('begins anew with the next measurement', () => {
    const progress = new Progress();
    progress.show(seen({ phase: 'ending' }), 5000);
    expect(progress.show(seen({ id: 'two', phase: 'preparing', startedAt: 6000 }), 6000)).toBe(0);
  });

  it('says nothing of a sweep that nobody knows the length of', () => {
    expect(new Progress().show(seen({ expectedSeconds: null }), 5000)).toBeNull();
  });
});

const words = {
  locale: 'en-US',
  say: (code: string, params: Readonly<Record<string, string | number>> = {}) =>
    `${code.split('.').at(-1) ?? ''} ${Object.values(params).join(' ')}`,
};

describe('rateText', () => {
  it.each([
    [11_837_500_000, 0, 'figure 94.7 Gb/s'],
    [0, 11_837_500_000, 'figure 0.0 Gb/s'],
    [1_000_000, 0, 'figure 8.0 Mb/s'],
    [0, 0, 'figure 0.0 kb/s'],
  ])('%d beside %d: %s', (rate, beside, text) => expect(rateText(words, rate, beside)).toBe(text));
});

describe('expectedTime', () => {
  it.each([
    [0.2, 'seconds 1'],
    [60, 'seconds 60'],
    [300, 'minutes 5'],
  ])('%d: %s', (seconds, text) => expect(expectedTime(words, seconds)).toBe(text));
});

describe('curve', () => {
  it('leads from edge to edge, level at both, and through its middle', () => {
    const { at, path } = curve(200, 10, 110);
    expect(path).toBe('M0 10 C100 10 100 110 200 110');
    expect(at(0)).toEqual({ x: 0, y: 10 });
    expect(at(1)).toEqual({ x: 200, y: 110 });
    expect(at(0.5)).toEqual({ x: 100, y: 60 });
  });
});
