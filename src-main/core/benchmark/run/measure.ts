import type { BenchPart } from '../../../contract/bench-record';
import { Failure, isFailure, toFailure } from '../../failure';
import type { Clock, ExecResult } from '../../ports';
import type { Placed, ToolPlan } from '../tools/tool';
import { ConnectionRun } from './connection-run';

export interface MeasureTools {
  readonly clock: Clock;
  readonly names: readonly [string, string];
  /** Stops everything; its reason is told when it is a Failure. */
  readonly signal: AbortSignal;
  exec(placed: Placed, signal: AbortSignal, onLine: (line: string) => void): Promise<ExecResult>;
  /** The parts have grown. */
  onParts(parts: () => BenchPart[]): void;
}

export interface Measured {
  readonly parts: readonly BenchPart[];
  /** The first thing that went wrong; null when all connections have measured. */
  readonly failure: Failure | null;
}

/** Runs all connections of a plan at the same time. When it resolves, everything that it started has ended or been given up. */
export async function measure(plan: ToolPlan, tools: MeasureTools): Promise<Measured> {
  const over = new AbortController();
  const signal = AbortSignal.any([tools.signal, over.signal]);
  const started: Promise<unknown>[] = [];
  const parts = () => runs.map((run) => run.part());
  const runs = plan.connections.map(
    (connection) =>
      new ConnectionRun(connection, {
        clock: tools.clock,
        names: tools.names,
        signal,
        exec: (placed, onLine) => {
          const running = tools.exec(placed, signal, onLine);
          started.push(running);
          return running;
        },
        changed: () => tools.onParts(parts),
      }),
  );
  let failure: Failure | null = null;
  try {
    await Promise.all(runs.map((run) => run.serve()));
    tools.onParts(parts);
    await Promise.all(runs.map((run) => run.ask()));
    await Promise.all(runs.map((run) => run.farewell()));
  } catch (error) {
    failure = why(tools.signal, error);
  } finally {
    over.abort();
    await Promise.allSettled(started);
    for (const run of runs) run.close();
  }
  return { parts: parts(), failure };
}

/** What stopped the test, rather than what a stopped command says of it. */
function why(signal: AbortSignal, error: unknown): Failure {
  const failure = toFailure(error);
  if (!signal.aborted || !isFailure(failure, 'CANCELLED')) return failure;
  return signal.reason instanceof Failure ? signal.reason : failure;
}
