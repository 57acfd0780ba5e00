import { describe, expect, it } from 'vitest';
import {
  bandIn,
  digits,
  figure,
  rateIn,
  roundUp,
} from '../../../../src-renderer/features/benchmarks/charts/figures';
import { faint } from '../../../../src-renderer/features/benchmarks/charts/colours';
import { english, korean } from './words';

describe('figures', () => {
  it.each([
    [189.85, '189.9'],
    [92.568, '92.57'],
    [1.47, '1.47'],
    [0.04528, '0.04528'],
    [12_345.6, '12,346'],
    [0, '0'],
    [1e-9, '0'],
  ])('%d is read as %s', (value, text) => expect(digits(value, 'en-US')).toBe(text));

  it('writes the unit as the language does', () => {
    expect(figure(english, 23.97, 'GB/s')).toBe('23.97 GB/s');
    expect(figure(korean, 23.97, 'GB/s')).toBe('23.97GB/s');
  });

  it('counts bits by 8 and 10⁹', () => {
    expect(rateIn('Gb/s', 125_000_000)).toBe(1);
    expect(rateIn('GB/s', 1e9)).toBe(1);
  });

  it.each([0.0012, 0.9, 1, 1.93, 3.005, 24.2, 111, 198, 199.9, 12_000])(
    'an axis for %d ends in a whole number of steps, with little room above',
    (value) => {
      const top = roundUp(value);
      expect(top).toBeGreaterThanOrEqual(value);
      expect(top).toBeLessThanOrEqual(value * 1.5);
      const parts = [4, 5, 6].map((count) => Number((top / count).toPrecision(6)));
      expect(parts.some((step) => /^0*(1|2|25|5)0*$/.test(String(step).replace('.', '')))).toBe(true);
    },
  );

  it('has an axis for nothing at all', () => {
    expect(roundUp(0)).toBe(1);
  });

  it('brings a band into the unit of its graph, and none into another kind', () => {
    expect(bandIn(english, 'GB/s', { from: 80, to: null, unit: 'Gb/s' })).toEqual({
      from: 10,
      to: null,
      label: 'Healthy: 10 GB/s and more',
    });
    expect(bandIn(english, 'µs', { from: 80, to: 90, unit: 'Gb/s' })).toBeNull();
    expect(bandIn(english, 'Gb/s', null)).toBeNull();
  });

  it('lets a colour through, short or long', () => {
    expect(faint('#fff', 0.5)).toBe('#ffffff80');
    expect(faint('#5fc38a', 0)).toBe('#5fc38a00');
  });
});
