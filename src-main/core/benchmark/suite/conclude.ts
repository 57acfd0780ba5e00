import type { BenchRecord, Suite, SuiteStep } from '../../../contract/bench-record';
import type { BenchVerdict } from '../../../contract/benchmark';
import type { Half } from '../../../contract/facts';
import { message, type Message } from '../../../contract/message';
import { mergeCauses, provenCauses, type Causes } from './causes';
import { deadHalves } from './dead-halves';
import type { SuitePlan } from './steps';

/** What the suite has come to know. */
export interface Evidence {
  readonly steps: readonly SuiteStep[];
  /** By step. */
  readonly records: ReadonlyMap<string, BenchRecord>;
  readonly missing: SuitePlan['missing'];
  readonly cancelled: boolean;
  /** The connection to a node was lost on the way. */
  readonly lost: boolean;
}

export type Conclusion = Pick<Suite, 'level' | 'sentence' | 'causes'>;

type Level = BenchVerdict['level'];

/** The step that speaks for all: what others rest on comes first. */
const weight = ['rdma', 'latency', 'tcp', 'nccl', 'way'] as const;

/** One sentence for all steps, its level, and the causes of everything that is wrong. */
export function conclude(evidence: Evidence): Conclusion {
  const { level, sentence } = spoken(evidence);
  const wrong = level === 'bad' || level === 'suspicious' || evidence.missing !== null;
  const failed = evidence.steps.some(({ status }) => status === 'failed');
  return { level, sentence, causes: wrong || failed ? causesOf(evidence) : [] };
}

function spoken(evidence: Evidence): { level: Level; sentence: Message } {
  const { steps, records, missing, cancelled, lost } = evidence;
  if (cancelled) return say('unknown', 'cancelled');
  if (missing?.half === 'both') return say('unknown', 'no-link');
  const dead = deadHalves(records.get('way'));
  if (dead.all) return say('bad', 'no-answer');
  const half = dead.half ?? (missing !== null && isDown(missing) ? missing.half : null);
  if (half !== null) return halfDead(steps, half);
  return (
    wrongStep(evidence, 'bad') ??
    (lost ? say('unknown', 'lost') : null) ??
    wrongStep(evidence, 'suspicious') ??
    (missing === null ? good(steps) : say('unknown', 'half-unset', { half: missing.half }))
  );
}

/** A port without a cable or carrier, rather than one without an address. */
function isDown({ causes }: NonNullable<SuitePlan['missing']>): boolean {
  return causes.some(({ cause }) => cause.code === 'bench.cause.port-down');
}

function halfDead(steps: readonly SuiteStep[], half: string) {
  const figure = figureOf(steps, 'rdma') ?? figureOf(steps, 'tcp');
  return figure === null
    ? say('bad', 'half-dead-bare', { half })
    : say('bad', 'half-dead', { half, ...figure });
}

function wrongStep({ steps, records }: Evidence, level: 'bad' | 'suspicious') {
  const ids = weight.filter((id) => stepOf(steps, id)?.level === level);
  const [id] = ids;
  if (id === undefined) return null;
  const figure = id === 'way' ? null : figureOf(steps, id);
  if (figure === null) return say(level, 'bare', { step: id });
  const verdict = records.get(id)?.verdict;
  return say(level, verdict && inBand(verdict) ? 'despite' : level, { step: id, ...figure });
}

/** The figure is as it should be: something else is wrong. */
function inBand({ healthy, measured }: BenchVerdict): boolean {
  if (healthy === null || measured?.unit !== healthy.unit) return false;
  if (healthy.unit === 'µs') return healthy.to !== null && measured.value <= healthy.to;
  return measured.value >= healthy.from;
}

/** Nothing is known to be wrong: how much of it is proven? */
function good(steps: readonly SuiteStep[]): { level: Level; sentence: Message } {
  const [rdma, latency, tcp] = (['rdma', 'latency', 'tcp'] as const).map((id) => ({
    step: stepOf(steps, id),
    figure: figureOf(steps, id),
  }));
  const failed = weight.find((id) => stepOf(steps, id)?.status === 'failed');
  if (rdma?.step?.level === 'healthy' && rdma.figure !== null) {
    if (failed !== undefined) return say('suspicious', 'healthy-but', { step: failed, ...rdma.figure });
    const us = latency?.step?.level === 'healthy' ? latency.figure : null;
    return us === null
      ? say('healthy', 'healthy-bandwidth', rdma.figure)
      : say('healthy', 'healthy', { ...rdma.figure, latency: us.value });
  }
  if (failed !== undefined) return say('unknown', 'failed', { step: failed });
  if (rdma?.step?.status === 'skipped' && tcp?.figure) {
    const none = rdma.step.why?.code === 'bench.skip.no-rdma';
    if (none && tcp.step?.level === 'healthy') return say('healthy', 'healthy-tcp', tcp.figure);
    return say('unknown', 'tcp-only', tcp.figure);
  }
  return say('unknown', 'not-proven');
}

function causesOf({ steps, records, missing }: Evidence): Causes {
  const dead: Half | null = deadHalves(records.get('way')).half;
  const first: Causes = [
    ...(missing?.causes ?? []),
    ...(dead === null
      ? []
      : [
          {
            cause: message('bench.cause.half-dead', { half: dead }),
            remedy: message('bench.remedy.half-dead', { half: dead }),
          },
        ]),
    // In the order of the tests: each explains the next.
    ...[...records.values()].flatMap(provenCauses),
  ];
  const told = [...records].map(([id, { verdict }]) => ({
    level: stepOf(steps, id)?.level ?? 'unknown',
    causes: verdict.causes,
  }));
  return mergeCauses(first, told);
}

function stepOf(steps: readonly SuiteStep[], id: string): SuiteStep | undefined {
  return steps.find((step) => step.id === id);
}

/** As it is said: three digits are enough. */
function figureOf(steps: readonly SuiteStep[], id: string) {
  const figure = stepOf(steps, id)?.figure ?? null;
  return figure === null ? null : { value: Number(figure.value.toPrecision(3)), unit: figure.unit };
}

function say(level: Level, sentence: string, params: Message['params'] = {}) {
  return { level, sentence: message(`bench.sentence.${sentence}`, params) };
}
