import type { BenchListed, BenchStanding } from '../../../contract/bench-record';
import type { BenchRequest } from '../../../contract/bench-request';
import type { BenchEntry } from '../../ports';
import { isLatency } from './figure';

/** A pair's own past is its last so many results: what was before the cable was changed is not held against it for ever. */
const PAST = 20;
/** So many results tell how much a figure moves by itself. */
const ENOUGH = 3;
/** Times the spread of the past. */
const SPREADS = 3;
/** A median's absolute deviation times this is the standard deviation of a normal spread. */
const NORMAL = 1.4826;
/** No less than this part of the median counts as a change, however quiet the past was. */
const least = { bandwidth: 0.05, latency: 0.15 };

/**
 * How a figure stands against earlier ones of its kind, in any order. Null without a figure, or when it is the first.
 * A ping never falls: how long an idle round trip takes says nothing.
 */
export function standing(
  one: Pick<BenchEntry, 'figure' | 'request'>,
  earlier: readonly BenchEntry['figure'][],
): BenchStanding | null {
  const { figure, request } = one;
  const values = earlier.flatMap((past) => (past !== null && past.unit === figure?.unit ? past.value : []));
  if (figure === null || values.length === 0) return null;
  const middle = median(values);
  if (middle <= 0) return null;
  const change = (figure.value - middle) / middle;
  const worse = isLatency(request) ? change : -change;
  const fallen = request.tool !== 'ping' && worse > bound(values, middle, request);
  return { count: values.length, median: round(middle), change: round(change), fallen };
}

/**
 * The lines of a history with their standing.
 * @param entries newest first, of any pairs
 * @param count so many of them are told, the newest; all of them are their past
 */
export function withStandings(entries: readonly BenchEntry[], count = entries.length): BenchListed[] {
  const past = new Map<string, BenchEntry['figure'][]>();
  const lines: BenchListed[] = [];
  for (let at = entries.length - 1; at >= 0; at--) {
    const found = entries[at];
    if (found === undefined) break;
    const { kind, ...entry } = found;
    const same = past.get(kind) ?? [];
    // What was cut off, or failed, has measured something else.
    const whole = entry.outcome === 'done' && entry.figure !== null;
    if (at < count) lines.push({ ...entry, standing: whole ? standing(entry, same) : null });
    if (!whole) continue;
    same.push(entry.figure);
    if (same.length > PAST) same.shift();
    past.set(kind, same);
  }
  return lines.reverse();
}

/** As a part of the median. */
function bound(values: readonly number[], middle: number, request: BenchRequest): number {
  const floor = least[isLatency(request) ? 'latency' : 'bandwidth'];
  // One or two results say nothing of their spread.
  if (values.length < ENOUGH) return floor * 2;
  const spread = median(values.map((value) => Math.abs(value - middle))) * NORMAL;
  return Math.max(floor, (spread * SPREADS) / middle);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = Math.floor(sorted.length / 2);
  const upper = sorted[at] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[at - 1] ?? Number.NaN)) / 2;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
