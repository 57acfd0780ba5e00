import type { BenchRecord } from '../../../contract/bench-record';
import type { BenchEntry } from '../../ports';
import { figureOf } from './figure';
import { kindOf } from './kind';

/** A measurement as a list shows it. */
export function entryOf(record: BenchRecord): BenchEntry {
  const { id, pair, suite, startedAt, nodes, request, outcome, verdict } = record;
  return {
    id,
    pair,
    suite,
    startedAt,
    nodes: [nodes[0].name, nodes[1].name],
    request,
    outcome,
    level: verdict.level,
    figure: figureOf(record),
    kind: kindOf(record),
  };
}
