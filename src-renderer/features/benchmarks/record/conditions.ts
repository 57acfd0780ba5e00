import type { BenchConditions } from '../../../api/types';
import { plain } from '../../../api/words';
import type { Sayer } from '../charts/figures';

type Words = Sayer & { number(value: number): string };

export interface ConditionRow {
  readonly id: string;
  readonly label: string;
  /** Of node 1 and node 2, in words. */
  readonly values: readonly [string, string];
  /** Both are known, and not the same although they should be. */
  readonly differs: boolean;
}

const texts = ['hostname', 'release', 'kernel', 'driver', 'cuda', 'firmware'] as const;
/** Things that two machines have each their own of. */
const own = new Set(['hostname', 'port']);

/** What both nodes were like, a row for each thing. */
export function conditionRows(
  nodes: readonly [BenchConditions, BenchConditions],
  words: Words,
): ConditionRow[] {
  const [one, other] = nodes.map((node) => valuesOf(node, words));
  return [...(one ?? new Map<string, string>())].map(([id, value]) => {
    const second = other?.get(id) ?? '–';
    return {
      id,
      label: words.say(`bench.view.condition.${id}`),
      values: [value, second],
      differs: !own.has(id) && value !== '–' && second !== '–' && value !== second,
    };
  });
}

/** A node's conditions in words, by name; "–" for what could not be read. */
export function valuesOf(node: BenchConditions, words: Words): Map<string, string> {
  const values = new Map<string, string>(texts.map((id) => [id, said(node[id])]));
  const live = node.ports.filter(({ up }) => up);
  const unique = (list: (string | null)[]) => {
    const known = [...new Set(list.flatMap((one) => one ?? []))];
    return known.length === 0 ? '–' : known.join(', ');
  };
  values.set('port', unique(live.map(({ port }) => (port === null ? null : String(port)))));
  values.set('halves', unique(live.map(({ half }) => half?.toUpperCase() ?? null)));
  values.set('mtu', unique(live.map(({ mtu }) => (mtu === null ? null : words.number(mtu)))));
  values.set('speed', unique(live.map(({ speedMbps }) => speed(speedMbps, words))));
  values.set('lanes', unique(live.map(({ pcieWidth }) => (pcieWidth === null ? null : `x${pcieWidth}`))));
  return values;
}

function speed(mbps: number | null, words: Words): string | null {
  return mbps === null
    ? null
    : words.say('bench.chart.figure', { value: words.number(mbps / 1000), unit: 'Gb/s' });
}

function said(value: string | null): string {
  return value === null ? '–' : plain(value);
}
