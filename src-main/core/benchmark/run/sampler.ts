import type { TrafficSample } from '../../../contract/bench-record';
import type { CxPort } from '../../../contract/facts';
import type { Pair } from '../../engine/playbook';
import type { Clock, Session } from '../../ports';
import { countersOf, countersScript, parseReadings, ratesBetween, type NodeCounters } from './counters';

const LOOK_LIMIT_MS = 5_000;

/** Reads the counters of a node; null when it did not answer. */
export async function lookAt(session: Session, ports: readonly CxPort[]): Promise<NodeCounters | null> {
  try {
    const script = countersScript(ports).text;
    const { stdout } = await session.exec({ script, root: false }, { timeoutMs: LOOK_LIMIT_MS });
    return countersOf(session.node, ports, parseReadings(stdout));
  } catch {
    return null;
  }
}

export interface SamplerOptions {
  readonly sessions: Pair<Session>;
  readonly ports: Pair<readonly CxPort[]>;
  readonly clock: Clock;
  /** The clock's time that samples count from. */
  readonly startedAt: number;
  /** The looks before the test. */
  readonly first: Pair<NodeCounters>;
  readonly intervalMs: number;
  onSample(sample: TrafficSample, looks: Pair<NodeCounters | null>): void;
}

/** Looks at both nodes again and again until `signal` aborts. Never rejects. */
export async function sampleTraffic(options: SamplerOptions, signal: AbortSignal): Promise<void> {
  const { sessions, ports, clock, startedAt } = options;
  const last: [Look, Look] = [
    { counters: options.first[0], atMs: clock.now() },
    { counters: options.first[1], atMs: clock.now() },
  ];
  for (;;) {
    try {
      await clock.sleep(options.intervalMs, signal);
    } catch {
      return;
    }
    const looks = await Promise.all([lookAt(sessions[0], ports[0]), lookAt(sessions[1], ports[1])]);
    const atMs = clock.now();
    const links = ([0, 1] as const).flatMap((node) => {
      const [counters, before] = [looks[node], last[node]];
      if (counters === null) return [];
      last[node] = { counters, atMs };
      return ratesBetween(before.counters.links, counters.links, secondsBetween(before, last[node]));
    });
    options.onSample({ at: (atMs - startedAt) / 1000, links }, looks);
  }
}

interface Look {
  readonly counters: NodeCounters;
  readonly atMs: number;
}

/** By the node's own clock where it told it: the way to a node takes its time, now more, now less. */
function secondsBetween(before: Look, after: Look): number {
  const [from, to] = [before.counters.atSeconds, after.counters.atSeconds];
  return from !== null && to !== null && to > from ? to - from : (after.atMs - before.atMs) / 1000;
}
