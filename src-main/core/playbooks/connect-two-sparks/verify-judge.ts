import type { Message } from '../../../contract/message';
import type { Pair, StageContext, Verification } from '../../engine/playbook';
import { explain, mergeCauses } from './causes';
import { note } from './codes';
import { nameOf } from '../pair';
import type { Effort, PortReading, Transfer } from './measure';
import type { NetworkLink, Shared } from './shared';
import { healthy, judgedDriver } from './thresholds';

function portOf(readings: readonly PortReading[], port: string): PortReading | undefined {
  return readings.find((one) => one.port === port);
}

/** Whether the link's throughput may be held against what a Spark shows: real ConnectX ports that claim full speed. */
export function measurable(links: readonly NetworkLink[], ports: Pair<readonly PortReading[]>): boolean {
  return links.every(({ ports: ends }) =>
    ends.every(({ netdev }, position) => {
      const reading = portOf(ports[position as 0 | 1], netdev);
      return reading?.driver === judgedDriver && reading.speedMbps === healthy.speedMbps;
    }),
  );
}

/** Speed and MTU of both ends of every link. */
export function judgePorts(
  { nodes, shared }: StageContext<Shared>,
  links: readonly NetworkLink[],
  readings: Pair<readonly PortReading[]>,
): Verification {
  const names = { node1: nameOf(nodes[0]), node2: nameOf(nodes[1]) };
  const expected = shared.network?.mtu ?? null;
  const notes: Message[] = [];
  const causes: ReturnType<typeof explain>[] = [];
  for (const { ports } of links) {
    const ends = ports.map(({ netdev }, position) => portOf(readings[position as 0 | 1], netdev));
    ends.forEach((reading, position) => {
      const node = position === 0 ? names.node1 : names.node2;
      const peer = position === 0 ? names.node2 : names.node1;
      if (!reading) return;
      const { port, mtu, speedMbps } = reading;
      notes.push(note('connect.verify.speed', { node, port, speed: speedMbps ?? 0, mtu: mtu ?? 0 }));
      if (speedMbps !== null && speedMbps < healthy.speedMbps)
        notes.push(note('connect.verify.speed-low', { node, port, speed: speedMbps }));
      if (expected === null || mtu === expected) return;
      notes.push(note('connect.verify.mtu-unexpected', { node, port, mtu: mtu ?? 0, expected }));
      causes.push(explain('mtu-differs', { node, peer, port, user: '' }));
    });
    const [first, second] = ends;
    if (!first || !second || first.mtu === second.mtu) continue;
    const mtus = { port1: first.port, mtu1: first.mtu ?? 0, port2: second.port, mtu2: second.mtu ?? 0 };
    notes.push(note('connect.verify.mtu-differs', { ...mtus, ...names }));
    causes.push(explain('mtu-differs', { node: names.node1, peer: names.node2, port: first.port, user: '' }));
  }
  return { ok: causes.length === 0, notes, causes: mergeCauses(...causes) };
}

/** The transfers' rates, held against what is healthy where that is fair. */
export function judgeTransfers(
  { nodes }: StageContext<Shared>,
  links: readonly NetworkLink[],
  sent: readonly Transfer[],
  rates: ReadonlyMap<number, number>,
  { effort, judged }: { effort: Effort; judged: boolean },
): Verification {
  const { usual, suspicious } = effort === 'short' ? healthy.iperf3OneStream : healthy.iperf3FourStreams;
  const notes: Message[] = [];
  const causes: ReturnType<typeof explain>[] = [];
  for (const { tcpPort, addresses } of sent) {
    const rate = rates.get(tcpPort);
    if (rate === undefined) continue;
    const link = links.find((one) => one.addresses?.[0] === addresses[0]);
    const half = link?.half ?? '?';
    const gbps = round(rate);
    notes.push(note('connect.verify.throughput', { half, gbps }));
    if (!judged || rate >= suspicious) continue;
    notes.push(note('connect.verify.throughput-low', { half, gbps, expected: usual }));
    const port = link?.ports[0].netdev ?? '';
    causes.push(
      explain('low-throughput', { node: nameOf(nodes[0]), peer: nameOf(nodes[1]), port, user: '' }),
    );
  }
  return { ok: causes.length === 0, notes, causes: mergeCauses(...causes) };
}

/** The sum over all halves, and a word on why it is not judged. */
export function throughputNotes(rates: ReadonlyMap<number, number>, judged: boolean): Message[] {
  if (rates.size === 0) return [];
  const total = [...rates.values()].reduce((sum, rate) => sum + rate, 0);
  const said = [note('connect.verify.throughput-total', { gbps: round(total) })];
  return judged ? said : [...said, note('connect.verify.throughput-unjudged', {})];
}

function round(gbps: number): number {
  return Math.round(gbps * 10) / 10;
}
