import type { SuiteStep } from '../../../contract/bench-record';
import {
  benchRequestSchema,
  type BenchHalves,
  type BenchRequestInput,
} from '../../../contract/bench-request';
import type { Half, NodeFacts } from '../../../contract/facts';
import type { FailureInfo } from '../../../contract/failure';
import { message, type Message } from '../../../contract/message';
import type { Pair } from '../../engine/playbook';
import { isFailure } from '../../failure';
import { chooseLinks, type BenchLink } from '../links';

export type StepId = 'way' | 'rdma' | 'latency' | 'tcp' | 'nccl';

/** The row of tests, and what the facts say against it before anything was measured. */
export interface SuitePlan {
  readonly steps: readonly SuiteStep[];
  /** Half of the cable that is no link, or `both`; null when both are. */
  readonly missing: {
    readonly half: BenchHalves;
    readonly causes: NonNullable<FailureInfo['causes']>;
  } | null;
}

const GIB = 1024 ** 3;

/**
 * What proves a link, in the order in which one explains the next: packets come back over each half; both halves carry RDMA
 * at once; RDMA answers at once; TCP, which knows nothing of RDMA; NCCL, for which it is all there. Less than a minute.
 */
export function suiteSteps(facts: Pair<NodeFacts>, names: Pair<string>): SuitePlan {
  const { links, missing } = linksOf(facts, names);
  const halves = missing === null ? 'both' : missing.half === 'a' ? 'b' : 'a';
  const one: Half = halves === 'both' ? 'a' : halves;
  const rows: [id: StepId, request: BenchRequestInput, rdma: boolean, program: string][] = [
    ['way', { tool: 'ping', halves, count: 10 }, false, 'ping'],
    ['rdma', { tool: 'ib_write_bw', halves }, true, 'ib_write_bw'],
    ['latency', { tool: 'ib_write_lat', halves: one }, true, 'ib_write_lat'],
    ['tcp', { tool: 'iperf3', halves }, false, 'iperf3'],
    // The largest size is NVIDIA's; this one says the same and leaves the memory to whoever works there.
    ['nccl', { tool: 'nccl', halves, fromBytes: GIB, toBytes: GIB }, false, 'mpirun'],
  ];
  const steps = rows.map(([id, given, rdma, program]): SuiteStep => {
    const request = benchRequestSchema.parse(given);
    const why =
      links.length === 0
        ? message('bench.skip.no-link')
        : ((rdma ? noRdma(links, names) : null) ?? noTool(id, program, facts, names));
    return {
      id,
      request,
      status: why === null ? 'waiting' : 'skipped',
      why,
      record: null,
      level: null,
      figure: null,
    };
  });
  return { steps, missing };
}

function linksOf(
  facts: Pair<NodeFacts>,
  names: Pair<string>,
): { links: readonly BenchLink[]; missing: SuitePlan['missing'] } {
  try {
    return { links: chooseLinks(facts, 'both', names), missing: null };
  } catch (error) {
    if (!isFailure(error, 'BENCH_NO_LINK')) throw error;
    const half = halfOf(error.info.params['half']);
    const missing = { half, causes: error.info.causes ?? [] };
    if (half === 'both') return { links: [], missing };
    return { links: chooseLinks(facts, half === 'a' ? 'b' : 'a', names), missing };
  }
}

function halfOf(value: unknown): BenchHalves {
  return value === 'a' || value === 'b' ? value : 'both';
}

function noRdma(links: readonly BenchLink[], names: Pair<string>): Message | null {
  const place = ([0, 1] as const).find((node) => links.some(({ rdma }) => rdma[node] === null));
  return place === undefined ? null : message('bench.skip.no-rdma', { node: names[place] });
}

/** What the facts tell; a tool that they do not know of is looked for right before it runs. */
function noTool(id: StepId, program: string, facts: Pair<NodeFacts>, names: Pair<string>): Message | null {
  // Only the side that asks pings.
  const places = program === 'ping' ? ([0] as const) : ([0, 1] as const);
  const place = places.find((node) => {
    const { tools } = facts[node];
    return tools.known && !Object.hasOwn(tools.value, program);
  });
  return place === undefined ? null : missingTool(id, program, names[place]);
}

/** Why a step is skipped whose program is not there, and what brings it. */
export function missingTool(id: string, tool: string, node: string): Message {
  return id === 'nccl'
    ? message('bench.skip.no-nccl', { node })
    : message('bench.skip.tool-missing', { tool, node });
}

/** The same step over one half, when the other turned out to be dead. */
export function narrowed(step: SuiteStep, half: Half): SuiteStep {
  return { ...step, request: { ...step.request, halves: half } };
}
