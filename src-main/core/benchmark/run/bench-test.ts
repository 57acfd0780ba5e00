import type { BenchRecord } from '../../../contract/bench-record';
import type { BenchResult } from '../../../contract/benchmark';
import type { CxPort } from '../../../contract/facts';
import type { Pair } from '../../engine/playbook';
import { Failure } from '../../failure';
import type { Clock, ExecResult, Session } from '../../ports';
import type { BenchLink } from '../links';
import type { Placed, ToolPlan } from '../tools/tool';
import { benchCommand } from './command';
import type { NodeCounters } from './counters';
import { measure, type Measured } from './measure';
import type { RunOptions } from './options';
import { OutputTail } from './output-tail';
import type { Prepared } from './prepare';
import type { Progress } from './progress';
import { sampleTraffic } from './sampler';

/** Of the output that a record keeps: 256 KiB for both nodes. */
const OUTPUT_KEPT = 128 * 1024;
const OUTPUT_LIMIT = 64 * 1024 * 1024;
/** A node ends its programs by itself; this is for the one that cannot. */
const BEYOND_MS = 10_000;
const SAMPLE_MS = 500;
/** A record keeps so many samples at most, or nearly. */
const SAMPLES = 400;

export interface TestOptions {
  readonly sessions: Pair<Session>;
  readonly clock: Clock;
  readonly id: string;
  readonly startedAt: number;
  readonly names: Pair<string>;
  readonly ports: Pair<readonly CxPort[]>;
  readonly prepared: Pair<Prepared>;
  readonly links: readonly BenchLink[];
  readonly progress: Progress;
  readonly run: RunOptions;
}

export interface Done extends Measured {
  readonly commands: BenchRecord['commands'];
  readonly output: BenchRecord['output'];
}

/** The part of a measurement in which programs run on the nodes. */
export class BenchTest {
  readonly #stop = new AbortController();
  readonly #commands: BenchRecord['commands'] = [];
  readonly #output = new OutputTail(OUTPUT_KEPT);

  constructor(private readonly options: TestOptions) {}

  /** Never rejects for what happens on the nodes; `plan` may, before anything has run. */
  async measure(plan: (pilot: BenchResult | null) => ToolPlan): Promise<Done> {
    const first = plan(null);
    const { progress, sessions, run } = this.options;
    const cancel = () => {
      progress.cancelling();
      this.#stop.abort(new Failure('CANCELLED'));
    };
    const losses = sessions.map((session) => [session.lost, () => this.#lost(session)] as const);
    run.signal?.addEventListener('abort', cancel, { once: true });
    for (const [lost, tell] of losses) lost.addEventListener('abort', tell, { once: true });
    progress.expects(first.expectedSeconds);
    progress.phase('measuring');
    const over = new AbortController();
    const sampling = this.#sample(first, over.signal);
    try {
      const measured = await this.#all(first, plan);
      return { ...measured, commands: this.#commands, output: this.#output.all() };
    } finally {
      over.abort();
      await sampling;
      run.signal?.removeEventListener('abort', cancel);
      for (const [lost, tell] of losses) lost.removeEventListener('abort', tell);
    }
  }

  async #all(first: ToolPlan, plan: (pilot: BenchResult | null) => ToolPlan): Promise<Measured> {
    const measured = await this.#once(first);
    const [pilot] = measured.parts;
    if (first.pilot !== true || measured.failure !== null || pilot === undefined) return measured;
    return this.#once(plan(pilot.result));
  }

  #once(plan: ToolPlan): Promise<Measured> {
    const { clock, names, progress } = this.options;
    return measure(plan, {
      clock,
      names,
      signal: this.#stop.signal,
      exec: (placed, signal, onLine) => this.#exec(placed, signal, onLine),
      onParts: (parts) => progress.parts(parts),
    });
  }

  #exec({ node, program }: Placed, signal: AbortSignal, onLine: (line: string) => void): Promise<ExecResult> {
    const { id, names, sessions, run } = this.options;
    const script = benchCommand(id, program).text;
    const name = names[node];
    this.#commands.push({ node: name, script });
    return sessions[node].exec(
      { script, root: false },
      {
        signal,
        timeoutMs: program.limitSeconds * 1000 + BEYOND_MS,
        maxOutputBytes: OUTPUT_LIMIT,
        onLine: (stream, line) => {
          this.#output.add(name, line);
          run.onLine?.(name, stream, line);
          onLine(line);
        },
      },
    );
  }

  #sample({ expectedSeconds }: ToolPlan, signal: AbortSignal): Promise<void> {
    const { sessions, ports, clock, startedAt, prepared, progress } = this.options;
    return sampleTraffic(
      {
        sessions,
        ports,
        clock,
        startedAt,
        first: [prepared[0].counters, prepared[1].counters],
        intervalMs: Math.max(SAMPLE_MS, ((expectedSeconds ?? 0) * 1000) / SAMPLES),
        onSample: (sample, looks) => {
          progress.sample(sample);
          this.#stopWhenDown(looks);
        },
      },
      signal,
    );
  }

  /** A link that goes down under a test leaves its programs waiting for minutes. */
  #stopWhenDown(looks: Pair<NodeCounters | null>): void {
    const { links, names } = this.options;
    for (const node of [0, 1] as const) {
      const link = links.find(({ netdev }) => looks[node]?.down.includes(netdev[node]));
      if (link === undefined) continue;
      this.#stop.abort(new Failure('BENCH_NO_LINK', { half: link.half ?? 'both' }, { node: names[node] }));
    }
  }

  #lost({ node, lost }: Session): void {
    const reason = lost.reason instanceof Failure ? lost.reason.info.params : {};
    this.#stop.abort(new Failure('CONNECTION_LOST', reason, { node }));
  }
}
