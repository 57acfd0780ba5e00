import type { Half, TrafficRate, TrafficSample } from '../../../api/types';
import { roundUp, type Sayer } from './figures';
import type { Graph, GraphLane, GraphLine, GraphPoint, LineLook } from './graph';

/** What is sent by either node. Colour by the sender; the second one is dashed. */
const looks: readonly [LineLook, LineLook] = [
  { tone: 'node1', dash: 'solid', mark: 'none', filled: true },
  { tone: 'node2', dash: 'dashed', mark: 'none' },
];

type LaneName = Half | 'other';

/** Gb/s that each node has sent over one half at one moment; null where no counter could be read. */
type Sent = readonly [number | null, number | null];

export interface ThroughputWindow {
  /** Seconds shown at most; the older part leaves at the left. */
  readonly seconds: number;
  /** Upper end of the y axis so far: it never goes down while somebody looks. */
  readonly top: number;
  /** How long it is going to take, where that is known. */
  readonly expected: number | null;
}

/** The x axis moves on by so many seconds at a time, not with every sample. */
const STRIDE = 10;

/**
 * The two halves of the cable as lanes above each other: what each node sends over time, by the counters of the links.
 * @param nodes names in the pair, as people read them
 */
export function throughputGraph(
  samples: readonly TrafficSample[],
  nodes: readonly [string, string],
  { seconds, top: grown, expected }: ThroughputWindow,
  words: Sayer,
  title: string,
): Graph & { readonly to: number } {
  const last = samples.at(-1)?.at ?? 0;
  const least = Number.isFinite(seconds) ? STRIDE : 1;
  const whole = Math.max(last, Math.min(expected ?? 0, seconds), least);
  const to = last > seconds ? Math.ceil(last / STRIDE) * STRIDE : Math.ceil(whole);
  const from = Math.max(0, to - seconds);
  const shown = samples.filter(({ at }) => at >= from);
  const lanes = lanesOf(samples);
  const sent = lanes.map((lane) => shown.map((sample) => sentOver(sample, lane, nodes)));
  const most = Math.max(0, ...sent.flat(2).map((rate) => rate ?? 0));
  const top = Math.max(grown, roundUp(most));
  return {
    title,
    to: top,
    x: { kind: 'seconds', title: words.say('bench.chart.axis.since-start'), from, to },
    y: { title: words.say('bench.chart.axis.bandwidth'), unit: 'Gb/s' },
    lanes: lanes.map((lane): GraphLane => ({ title: words.say('bench.chart.lane', { lane }), to: top })),
    lines: lanes.flatMap((lane, place) =>
      ([0, 1] as const).map((sender): GraphLine => {
        const points = shown.flatMap(({ at }, index): GraphPoint[] => {
          const rate = sent[place]?.[index]?.[sender] ?? null;
          return rate === null ? [] : [{ x: at, y: rate }];
        });
        const label = words.say('bench.chart.sent', { from: nodes[sender], to: nodes[1 - sender] ?? '' });
        return { id: `${lane} ${sender}`, label, look: looks[sender], lane: place, points };
      }),
    ),
    band: null,
  };
}

/** Both halves always; links of neither only where there are some. */
function lanesOf(samples: readonly TrafficSample[]): LaneName[] {
  const other = samples.some(({ links }) => links.some(({ half }) => half === null));
  return other ? ['a', 'b', 'other'] : ['a', 'b'];
}

function sentOver({ links }: TrafficSample, lane: LaneName, nodes: readonly [string, string]): Sent {
  const own = links.filter(({ half }) => (half ?? 'other') === lane);
  const sum = (node: string | undefined, rate: (link: TrafficRate) => number) => {
    const of = own.filter((link) => link.node === node);
    return of.length === 0 ? null : of.reduce((all, link) => all + rate(link) * 8, 0) / 1e9;
  };
  // What one sends the other receives: either counter tells it.
  const from = (sender: 0 | 1) =>
    sum(nodes[sender], ({ sentPerSecond }) => sentPerSecond) ??
    sum(nodes[1 - sender], ({ receivedPerSecond }) => receivedPerSecond);
  return [from(0), from(1)];
}
