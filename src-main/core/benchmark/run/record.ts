import type { BenchPart, BenchRecord } from '../../../contract/bench-record';
import type { BenchRequest } from '../../../contract/bench-request';
import type { BenchResult, BenchVerdict, LinkTraffic } from '../../../contract/benchmark';
import type { NodeFacts } from '../../../contract/facts';
import { message, type Message } from '../../../contract/message';
import type { Pair } from '../../engine/playbook';
import { Failure } from '../../failure';
import { combine } from '../combine';
import type { BenchLink } from '../links';
import { judge } from '../verdict/judge';
import { trafficBetween } from '../verdict/traffic';
import { conditionsOf, pairDigest } from './conditions';
import type { NodeEnd } from './ending';
import type { Done, TestOptions } from './bench-test';

export interface Finished extends TestOptions {
  readonly request: BenchRequest;
  readonly facts: Pair<NodeFacts>;
  readonly done: Done;
  readonly ends: Pair<NodeEnd>;
  readonly endedAt: number;
}

/** A measurement that is over, as it is kept. */
export function recordOf(finished: Finished): BenchRecord {
  const { id, sessions, startedAt, endedAt, request, facts, names, prepared, done, run, progress } = finished;
  const failure = failureOf(finished);
  const traffic = ([0, 1] as const).flatMap((node) => trafficOf(finished, node));
  const result = failure === null ? wholeOf(done.parts) : null;
  const verdict = result === null ? withoutResult(failure) : verdictOf(result, finished, traffic);
  return {
    version: 1,
    id,
    pair: pairDigest([sessions[0].hostKey, sessions[1].hostKey]),
    suite: run.suite ?? null,
    startedAt,
    endedAt,
    request,
    outcome: failure === null ? 'done' : failure.code === 'CANCELLED' ? 'cancelled' : 'failed',
    failure: failure?.info ?? null,
    nodes: [
      conditionsOf(names[0], facts[0], prepared[0].firmware),
      conditionsOf(names[1], facts[1], prepared[1].firmware),
    ],
    commands: done.commands,
    parts: [...done.parts],
    result,
    verdict: { ...verdict, notes: [...verdict.notes, ...leftoverNotes(finished)] },
    traffic,
    samples: progress.samples,
    output: done.output,
  };
}

/** What went wrong. That a node is gone explains everything else; a cancel stays one. */
function failureOf({ done, ends, names, request }: Finished): Failure | null {
  const { failure } = done;
  if (failure?.code === 'CANCELLED') return failure;
  const gone = ends.findIndex((end) => end.gone !== null);
  const why = ends[gone]?.gone;
  if (failure !== null && why && failure.code !== 'CONNECTION_LOST') {
    const evidence = failure.info.evidence === undefined ? {} : { evidence: failure.info.evidence };
    return new Failure(why.code, why.info.params, {
      node: names[gone === 1 ? 1 : 0],
      ...evidence,
      cause: failure,
    });
  }
  const stays = ends.flatMap((end, node) => end.stays.map((one) => `${names[node === 1 ? 1 : 0]}: ${one}`));
  if (failure === null && stays.length > 0)
    return new Failure('BENCH_TOOL_FAILED', {
      tool: request.tool,
      detail: `still running: ${stays.join(', ')}`,
    });
  return failure;
}

/** The only part, or both together; null where a part has not come to its end. */
function wholeOf(parts: readonly BenchPart[]): BenchResult | null {
  const [first, second] = parts;
  if (first === undefined || parts.some(({ result }) => result.status !== 'done')) return null;
  return second === undefined ? first.result : combine(first.result, second.result);
}

/** Bytes through the links of a node; unknown when it did not answer at the end. */
function trafficOf({ prepared, ends }: Finished, node: 0 | 1): LinkTraffic[] {
  const before = prepared[node].counters.links;
  const after =
    ends[node].counters?.links ?? before.map((link) => ({ ...link, rdmaBytes: null, netBytes: null }));
  return trafficBetween(before, after);
}

function verdictOf(
  result: BenchResult,
  { links, ports, run }: Finished,
  traffic: LinkTraffic[],
): BenchVerdict {
  const mtu = smallestMtu(links);
  return judge(result, {
    halves: links.length > 1 ? 2 : 1,
    expected: links.flatMap(({ netdev, rdma }) => [...netdev, ...rdma.filter((name) => name !== null)]),
    traffic,
    ports: [...ports[0], ...ports[1]],
    ...(mtu === null ? {} : { mtu }),
    ...(run.rdmaGbps === undefined ? {} : { rdmaGbps: run.rdmaGbps }),
  });
}

/** What an earlier test had left, and was ended before this one. */
function leftoverNotes({ prepared, names }: Finished): Message[] {
  return prepared.flatMap(({ leftovers: { ended } }, node) =>
    ended.length === 0
      ? []
      : [message('bench.note.leftovers', { node: names[node === 1 ? 1 : 0], processes: ended.join(', ') })],
  );
}

function smallestMtu(links: readonly BenchLink[]): number | null {
  const known = links.flatMap(({ mtu }) => mtu.filter((one) => one !== null));
  return known.length === 0 ? null : Math.min(...known);
}

/** Nothing was measured; a link that went down meanwhile is a verdict all the same. */
function withoutResult(failure: Failure | null): BenchVerdict {
  const verdict: BenchVerdict = {
    level: 'unknown',
    row: null,
    measured: null,
    sizeBytes: null,
    healthy: null,
    causes: [],
    notes: [],
  };
  if (failure?.code !== 'BENCH_NO_LINK') return verdict;
  const params = { half: failure.info.params['half'] ?? 'unknown' };
  return {
    ...verdict,
    level: 'bad',
    causes: [
      { cause: message('bench.cause.half-dead', params), remedy: message('bench.remedy.half-dead', params) },
    ],
  };
}
