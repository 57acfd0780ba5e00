import type { BenchRecord, Suite, SuiteStep } from '../../../contract/bench-record';
import type { BenchVerdict } from '../../../contract/benchmark';
import type { NodeFacts } from '../../../contract/facts';
import { message, type Message } from '../../../contract/message';
import type { FailureInfo } from '../../../contract/failure';
import type { Pair } from '../../engine/playbook';
import { toFailure } from '../../failure';
import type { Clock } from '../../ports';
import { figureOf } from '../history/figure';
import type { Bench } from '../run/bench';
import type { RunOptions } from '../run/options';
import { judge } from '../verdict/judge';
import { linkRate } from '../verdict/measure';
import { conclude } from './conclude';
import { deadHalves } from './dead-halves';
import { missingTool, narrowed, suiteSteps } from './steps';

export interface SuiteOptions extends Pick<RunOptions, 'signal' | 'onProgress' | 'onLine'> {
  /** Of the form of a record's id. */
  readonly id: string;
  readonly names: Pair<string>;
  /** Of both nodes as they are now. */
  readonly facts: Pair<NodeFacts>;
  readonly clock: Pick<Clock, 'now'>;
  /** A step has begun or ended. */
  readonly onSuite?: (suite: Suite) => void;
  /** Keeps a measurement; also one that failed or was cancelled. The next step begins afterwards. */
  readonly keep: (record: BenchRecord) => Promise<void>;
}

/** Proves the link: one test after the other, whatever the earlier ones showed, and one sentence at the end. Never rejects for what happens on the nodes. */
export async function runSuite(bench: Pick<Bench, 'run'>, options: SuiteOptions): Promise<Suite> {
  return new SuiteRun(bench, options).run();
}

/** Failures after which no test of this pair can work. */
const lostCodes = new Set<FailureInfo['code']>([
  'CONNECTION_LOST',
  'CONNECTION_TIMEOUT',
  'NODE_UNREACHABLE',
  'NOT_CONNECTED',
]);

class SuiteRun {
  readonly #records = new Map<string, BenchRecord>();
  readonly #startedAt: number;
  #steps: SuiteStep[];
  /** Why what is left makes no sense. */
  #pointless: Message | null = null;
  #cancelled = false;
  #lost = false;

  constructor(
    private readonly bench: Pick<Bench, 'run'>,
    private readonly options: SuiteOptions,
  ) {
    this.#startedAt = options.clock.now();
    this.#steps = [];
  }

  async run(): Promise<Suite> {
    const { facts, names, clock } = this.options;
    const { steps, missing } = suiteSteps(facts, names);
    this.#steps = [...steps];
    this.#tell();
    for (const { id } of steps) await this.#step(id);
    const cancelled = this.#cancelled;
    const conclusion = conclude({
      steps: this.#steps,
      records: this.#records,
      missing,
      cancelled,
      lost: this.#lost,
    });
    return { ...this.#suite(), endedAt: clock.now(), ...conclusion };
  }

  async #step(id: string): Promise<void> {
    const step = this.#steps.find((one) => one.id === id);
    if (step?.status !== 'waiting') return;
    if (this.#cancelled || this.options.signal?.aborted === true) {
      this.#cancelled = true;
      this.#patch(id, { status: 'cancelled', why: message('bench.skip.cancelled') });
      return;
    }
    if (this.#pointless !== null) {
      this.#patch(id, { status: 'skipped', why: this.#pointless });
      return;
    }
    this.#patch(id, { status: 'running' });
    try {
      await this.#measured(id, await this.#measure(step));
    } catch (error) {
      this.#refused(id, toFailure(error).info);
    }
  }

  #measure(step: SuiteStep): Promise<BenchRecord> {
    const { id, facts, signal, onProgress, onLine } = this.options;
    const rdmaGbps = step.id === 'tcp' ? slowestHalf(this.#records.get('rdma')) : null;
    return this.bench.run(step.request, {
      suite: id,
      facts,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
      ...(onLine ? { onLine } : {}),
      ...(rdmaGbps === null ? {} : { rdmaGbps }),
    });
  }

  async #measured(id: string, record: BenchRecord): Promise<void> {
    this.#records.set(id, record);
    const { failure, outcome } = record;
    this.#patch(id, {
      status: outcome,
      record: record.id,
      why: outcome === 'failed' && failure !== null ? whyFailed(failure) : null,
      level: levelOf(record),
      figure: figureOf(record),
    });
    if (outcome === 'cancelled') this.#cancelled = true;
    if (failure !== null) this.#look(failure);
    if (id === 'way') this.#afterPing(record);
    await this.options.keep(record);
  }

  /** What kept a test from running. */
  #refused(id: string, failure: FailureInfo): void {
    const { code, params, node = '' } = failure;
    this.#look(failure);
    if (code === 'CANCELLED') {
      this.#cancelled = true;
      this.#patch(id, { status: 'cancelled' });
    } else if (code === 'BENCH_TOOL_MISSING') {
      this.#patch(id, { status: 'skipped', why: missingTool(id, String(params['tool'] ?? ''), node) });
    } else if (code === 'BENCH_MEMORY') {
      this.#patch(id, { status: 'skipped', why: message('bench.skip.memory', { node, ...params }) });
    } else {
      this.#patch(id, { status: 'failed', why: whyFailed(failure) });
    }
  }

  #look({ code }: FailureInfo): void {
    if (!lostCodes.has(code)) return;
    this.#lost = true;
    this.#pointless = message('bench.skip.lost');
  }

  #afterPing(record: BenchRecord): void {
    const { half, all } = deadHalves(record);
    if (all) this.#pointless = message('bench.skip.no-answer');
    if (half === null) return;
    const living = half === 'a' ? 'b' : 'a';
    this.#steps = this.#steps.map((step) => (step.status === 'waiting' ? narrowed(step, living) : step));
  }

  #patch(id: string, patch: Partial<SuiteStep>): void {
    this.#steps = this.#steps.map((step) => (step.id === id ? { ...step, ...patch } : step));
    this.#tell();
  }

  #tell(): void {
    this.options.onSuite?.(this.#suite());
  }

  #suite(): Suite {
    const { id } = this.options;
    const steps = [...this.#steps];
    return { id, startedAt: this.#startedAt, endedAt: null, steps, level: null, sentence: null, causes: [] };
  }
}

function whyFailed({ code, params, node = '' }: FailureInfo): Message {
  return message(`failure.${code}.what`, { node, ...params });
}

const order: readonly BenchVerdict['level'][] = ['unknown', 'healthy', 'suspicious', 'bad'];

/** Two pings at once are judged each by itself: one that answers does not make up for one that does not. */
function levelOf({ request, parts, verdict }: BenchRecord): BenchVerdict['level'] {
  if (request.tool !== 'ping') return verdict.level;
  const levels = [verdict.level, ...parts.map(({ result }) => judge(result).level)];
  return levels.reduce((one, other) => (order.indexOf(other) > order.indexOf(one) ? other : one));
}

/** What RDMA showed over the slower half, Gb/s. */
function slowestHalf(record: BenchRecord | undefined): number | null {
  if (record?.outcome !== 'done') return null;
  const rates = record.parts.flatMap(({ result }) => linkRate(result) ?? []);
  return rates.length === 0 ? null : Math.min(...rates);
}
