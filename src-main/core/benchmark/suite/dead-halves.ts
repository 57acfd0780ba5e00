import type { BenchRecord } from '../../../contract/bench-record';
import type { Half } from '../../../contract/facts';

/** Halves over which not one packet came back, by the record of a ping. */
export function deadHalves(record: BenchRecord | undefined): { half: Half | null; all: boolean } {
  const parts = record?.parts.filter(({ result }) => result.summary.packets !== undefined) ?? [];
  const dead = parts.filter(({ result }) => result.summary.packets?.received === 0);
  const [first] = dead;
  if (first === undefined) return { half: null, all: false };
  if (dead.length === parts.length) return { half: null, all: true };
  return { half: first.halves === 'both' ? null : first.halves, all: false };
}
