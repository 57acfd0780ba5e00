import type { BenchResult, BenchVerdict, LinkTraffic } from '../../../contract/benchmark';
import type { CxPort, Half } from '../../../contract/facts';
import type { Message } from '../../../contract/message';
import { portMap } from '../../probe/port-map';
import type { JudgeContext } from './context';
import { linkRate } from './measure';
import { LANES, MANY_RETRANSMITS, ranges, type Cause } from './table';
import { carried, movesMuch, straying, type Carried } from './traffic';

/** Something known to go wrong, recognised in a result. */
export interface Finding {
  readonly cause: Cause;
  readonly level: BenchVerdict['level'];
  /** Counters or facts show it: no other cause need be looked for. */
  readonly certain: boolean;
  readonly params: Message['params'];
}

/** Parameters of a cause that is only likely. */
export const unknownParams: Partial<Record<Cause, Message['params']>> = {
  'half-dead': { half: 'unknown' },
  'one-half': { half: 'unknown' },
  'same-half': { half: 'unknown' },
  'x2-lanes': { port: 'unknown', lanes: 2 },
};

/** So much may be somebody else's traffic meanwhile; with more, what was measured is not the link that was meant alone. */
const OTHERS = 0.1;

/** Tools that are meant to use RDMA. */
const RDMA = /^(?:ib_|nccl$|nixl|ucx_)/;

/** Every pathology that the result and what is known around it show; guesses only where nothing is proven. */
export function recognise(result: BenchResult, context: JudgeContext): Finding[] {
  const rate = linkRate(result);
  const seen = context.traffic === undefined ? null : carried(context.traffic);
  const findings = [
    ...packets(result),
    ...values(result),
    // What explains the rest comes first: sockets use one half, and which halves took part tells the wrong interface.
    ...fallback(result, rate, seen),
    ...halves(result, context, rate, seen),
    ...wrongInterface(result, context, seen),
    ...lanes(result, context, rate),
    ...slow(result, context, rate),
    ...tooFast(context, rate),
  ];
  const proven = findings.filter(({ certain }) => certain);
  const told = proven.length > 0 ? proven : findings;
  const first = new Map(told.toReversed().map((one) => [one.cause, one]));
  return [...first.values()].reverse();
}

function finding(
  cause: Cause,
  level: BenchVerdict['level'],
  certain: boolean,
  params: Message['params'] = {},
): Finding {
  return { cause, level, certain, params };
}

function inRange(rate: number | null, [from, to]: readonly [number, number]): rate is number {
  return rate !== null && rate >= from && rate <= to;
}

function packets({ tool, summary }: BenchResult): Finding[] {
  if (tool !== 'ping' || summary.packets === undefined) return [];
  const { sent, received } = summary.packets;
  if (received >= sent) return [];
  if (received === 0) return [finding('no-answer', 'bad', true, { sent })];
  return [finding('packet-loss', 'suspicious', true, { lost: sent - received, sent })];
}

function values({ series, summary }: BenchResult): Finding[] {
  const counted = series.flatMap(({ points }) => points.map(({ wrong }) => wrong ?? 0));
  const count = Math.max(summary.wrong ?? 0, ...counted.slice(0, 1000));
  return count > 0 ? [finding('wrong-values', 'bad', true, { count })] : [];
}

/** The counters show that the test ran, but not where it should have. */
function wrongInterface(
  result: BenchResult,
  { expected, traffic }: JudgeContext,
  seen: Carried | null,
): Finding[] {
  if (seen === null || traffic === undefined || seen.blind) return [];
  if (result.tool.endsWith('_lat')) return quietPath(result, expected, traffic);
  if (!movesMuch(result) || linkRate(result) === null) return [];
  const wanted = new Set(expected ?? result.parameters.devices.filter((name) => name !== 'all'));
  const names = (links: Carried['busy']) => [...new Set(links.map(({ netdev }) => netdev))].join(', ');
  if (seen.busy.length === 0) {
    // Without RDMA's counters, a test that moved its bytes by RDMA looks as if nothing had happened.
    if (RDMA.test(result.tool) && traffic.some(({ rdmaBytes }) => rdmaBytes === null)) return [];
    return [
      finding('wrong-interface', 'bad', true, { carried: 'unknown', expected: [...wanted].join(', ') }),
    ];
  }
  if (wanted.size === 0) return [];
  const right = seen.busy.filter(
    ({ netdev, rdma }) => wanted.has(netdev) || (rdma !== null && wanted.has(rdma)),
  );
  const strayed = straying(seen.busy, right);
  if (strayed <= OTHERS) return [];
  const stray = seen.busy.filter((link) => !right.includes(link));
  return [
    finding('wrong-interface', strayed >= 0.5 ? 'bad' : 'suspicious', true, {
      carried: names(stray),
      expected: [...wanted].join(', '),
    }),
  ];
}

/** A test of latency moves little, but RDMA's counters stand still unless somebody uses RDMA. */
function quietPath(
  { parameters }: BenchResult,
  expected: readonly string[] | undefined,
  traffic: readonly LinkTraffic[],
): Finding[] {
  const wanted = new Set(expected ?? parameters.devices);
  const moved = traffic.filter(
    ({ rdmaBytes }) => rdmaBytes !== null && rdmaBytes.sent + rdmaBytes.received > 0,
  );
  const isWanted = ({ netdev, rdma }: LinkTraffic) =>
    wanted.has(netdev) || (rdma !== null && wanted.has(rdma));
  if (wanted.size === 0 || moved.length === 0 || moved.some(isWanted)) return [];
  const carriedBy = [...new Set(moved.map(({ netdev }) => netdev))].join(', ');
  return [finding('wrong-interface', 'bad', true, { carried: carriedBy, expected: [...wanted].join(', ') })];
}

/** RDMA was meant, TCP was used. */
function fallback(result: BenchResult, rate: number | null, seen: Carried | null): Finding[] {
  const { tool, parameters } = result;
  if (!RDMA.test(tool) || tool.startsWith('ib_')) return [];
  const cause: Cause = tool === 'nccl' ? 'tcp-fallback' : tool === 'ucx_perftest' ? 'ucx-tcp' : 'nixl-tcp';
  if (parameters.transport === 'tcp' || (seen !== null && !seen.blind && seen.overTcp)) {
    return [finding(cause, 'bad', true, { devices: parameters.devices.join(', ') })];
  }
  if (tool === 'nccl' && inRange(rate, ranges.ncclTcp) && large(result)) {
    return [finding('tcp-fallback', 'bad', false, { devices: '' }), finding('bad-build', 'bad', false)];
  }
  return [];
}

/** Both halves were asked for, and one carried it. */
function halves(
  result: BenchResult,
  { halves: wanted, ports }: JudgeContext,
  rate: number | null,
  seen: Carried | null,
): Finding[] {
  const nccl = result.tool === 'nccl' && wanted !== 1 && inRange(rate, ranges.ncclOneHalf) && large(result);
  const range = wanted === 2 && inRange(rate, ranges.oneHalf);
  const named = halvesNamed(result.parameters.devices);
  if (wanted === 2 && seen !== null && !seen.blind && seen.halves.size === 1 && movesMuch(result)) {
    const half = [...seen.halves][0] ?? 'a';
    if (seen.ports.size > 1) return [finding('same-half', 'bad', true, { half })];
    const cause = isDown(result, ports, other(half)) ? 'half-dead' : 'one-half';
    return [finding(cause, 'bad', true, { half: other(half) })];
  }
  if (result.parameters.devices.length > 1 && named.size === 1) {
    return [
      finding('same-half', range || nccl ? 'bad' : 'suspicious', true, {
        half: [...named][0] ?? 'unknown',
      }),
    ];
  }
  if (nccl) {
    const [only] = result.parameters.devices.length === 1 ? named : [];
    return [
      finding('one-half', 'bad', only !== undefined, { half: only === undefined ? 'unknown' : other(only) }),
    ];
  }
  if (!range || bothCarried(seen)) return [];
  const dead = ports?.find((port) => !port.up && port.half !== null && otherIsUp(ports, port));
  if (dead !== undefined) return [finding('half-dead', 'bad', true, { half: dead.half ?? 'unknown' })];
  // A program that took what it found was not told to use both.
  const level = result.parameters.devices[0] === 'all' ? 'suspicious' : 'bad';
  return [
    finding('half-dead', level, false, unknownParams['half-dead']),
    finding('same-half', level, false, unknownParams['same-half']),
  ];
}

/** The counters show that both halves of one port carried it: what is wrong is not that one of them did not. */
export function bothCarried(seen: Carried | null): boolean {
  return seen !== null && !seen.blind && seen.halves.size === 2 && seen.ports.size === 1;
}

function other(half: Half): Half {
  return half === 'a' ? 'b' : 'a';
}

/** A half without a link, rather than one that nobody used; where the ports were not read, by who names the halves. */
function isDown({ tool }: BenchResult, ports: readonly CxPort[] | undefined, half: Half): boolean {
  const own = ports?.filter((port) => port.half === half) ?? [];
  if (own.length === 0) return /^(?:ib_|iperf3$)/.test(tool);
  return own.some((port) => !port.up && otherIsUp(ports ?? [], port));
}

/** The cable is in: the same port's other half is up. */
function otherIsUp(ports: readonly CxPort[], { port, half }: CxPort): boolean {
  return port !== null && ports.some((one) => one.port === port && one.half !== half && one.up);
}

function halvesNamed(devices: readonly string[]): Set<Half> {
  return new Set(
    devices.flatMap(
      (name) => portMap.find(({ netdev, rdma }) => netdev === name || rdma === name)?.half ?? [],
    ),
  );
}

function lanes(result: BenchResult, { ports, halves: wanted }: JudgeContext, rate: number | null): Finding[] {
  const narrow = ports?.find(({ up, pcieWidth, netdev, rdma }) => {
    const { devices } = result.parameters;
    const used =
      devices.length === 0 ||
      devices[0] === 'all' ||
      devices.includes(netdev) ||
      devices.includes(rdma ?? '');
    return up && used && pcieWidth !== null && pcieWidth < LANES;
  });
  if (narrow !== undefined && movesMuch(result)) {
    return [finding('x2-lanes', 'bad', true, { port: narrow.netdev, lanes: narrow.pcieWidth ?? 0 })];
  }
  // One TCP stream alone is as slow when all is well.
  const could = wanted === 1 && !(result.tool === 'iperf3' && (result.parameters.streams ?? 1) < 4);
  if (!could || !inRange(rate, ranges.twoLanes) || result.parameters.memory === 'VRAM' || !large(result))
    return [];
  return [
    finding('x2-lanes', 'suspicious', false, { port: result.parameters.devices[0] ?? 'unknown', lanes: 2 }),
  ];
}

/** 8–25 Gb/s: the state after a replug, unless RDMA was quick over the same half: then it is TCP. */
function slow(result: BenchResult, { rdmaGbps }: JudgeContext, rate: number | null): Finding[] {
  const { tool, parameters, summary } = result;
  if (!inRange(rate, ranges.thirteen) || parameters.memory === 'VRAM' || !large(result)) return [];
  if (tool === 'iperf3') {
    const retries = summary.retransmits ?? 0;
    if (rdmaGbps !== undefined && rdmaGbps > ranges.thirteen[1])
      return [finding('tcp-tuning', 'suspicious', true, { retries })];
    const tuning =
      retries >= MANY_RETRANSMITS ? [finding('tcp-tuning', 'suspicious', false, { retries })] : [];
    if (parameters.streams === 1 && rate >= 15)
      return [...tuning, finding('thirteen-gigabit', 'suspicious', false)];
    return tuning.length > 0
      ? [...tuning, finding('thirteen-gigabit', 'suspicious', false)]
      : [finding('thirteen-gigabit', 'bad', true)];
  }
  // NCCL's fallback to sockets has been recognised where it shows.
  const sure = tool.startsWith('ib_');
  if (rdmaGbps !== undefined && rdmaGbps > ranges.thirteen[1]) return [];
  return parameters.transport === 'tcp' ? [] : [finding('thirteen-gigabit', 'bad', sure)];
}

/** Small messages are slow on the best link; only 64 KiB and more (NCCL: 256 MiB) say something of it. */
function large({ tool, series, summary }: BenchResult): boolean {
  const least = tool === 'nccl' ? 256 * 1024 ** 2 : 64 * 1024;
  const sizes = series
    .filter(({ axis }) => axis === 'size')
    .flatMap(({ points }) => points.map(({ x }) => x));
  if (tool === 'iperf3') return summary.bandwidth !== undefined;
  return sizes.some((size) => size !== null && size >= least);
}

function tooFast({ halves: wanted }: JudgeContext, rate: number | null): Finding[] {
  if (rate === null || rate <= ranges.ceiling[wanted ?? 2]) return [];
  return [finding('wrong-path', 'unknown', true, {})];
}
