import type { BenchHalves, BenchRequest } from '../../../contract/bench-request';
import type { BenchResult, BenchTool } from '../../../contract/benchmark';
import type { NodeFacts } from '../../../contract/facts';
import type { Pair } from '../../engine/playbook';
import type { Script } from '../../shell/quote';
import type { BenchLink } from '../links';
import type { BenchProgram } from '../run/command';

/** Place of a node in the pair. */
export type Position = 0 | 1;

/** A program that a test starts, and the Debian package that brings it. */
export interface ToolNeed {
  readonly node: Position;
  /** Its name on PATH. */
  readonly program: string;
  readonly package: string;
  /** Succeeds where the node has it; `command -v` of the program when left out. */
  readonly check?: Script;
  /** `bench.cause.*` where something else than the package is missing. */
  readonly missing?: string;
}

/** What is looked up on a node right before a test. */
export interface NodeReadiness {
  /** MemAvailable in bytes; null where it could not be read. */
  readonly availableBytes: number | null;
  /** TCP ports that somebody listens on. */
  readonly listening: ReadonlySet<number>;
  /** Index of the RoCE v2 GID that stands for the IPv4 address of the tested link, by its RDMA device. */
  readonly gids: Readonly<Record<string, number>>;
}

export interface PlanContext<R extends BenchRequest = BenchRequest> {
  readonly id: string;
  readonly request: R;
  /** Those to be measured: one, or both halves with a first. */
  readonly links: readonly BenchLink[];
  readonly facts: Pair<NodeFacts>;
  readonly readiness: Pair<NodeReadiness>;
  readonly names: Pair<string>;
  /** What the pilot measured; null when this is the first plan. */
  readonly pilot: BenchResult | null;
  /** A TCP port that is free on the node, another one at each call. */
  readonly port: (node: Position) => number;
}

/** A program on a node. */
export interface Placed {
  readonly node: Position;
  readonly program: BenchProgram;
}

/** One connection of a test: a server, where the tool has one, and the client whose output is read. */
export interface Connection {
  readonly halves: BenchHalves;
  readonly tool: BenchTool;
  readonly server?: Placed & {
    /** A line by which the server says that it listens. */
    readonly ready: RegExp;
  };
  readonly client: Placed & {
    /** It came before the server listened: to be tried again. */
    readonly refused?: RegExp;
  };
  /** Read before the client's output, which does not tell it: a command line. */
  readonly head?: string;
}

export interface ToolPlan {
  /** All at the same time. */
  readonly connections: readonly Connection[];
  /** How long it measures; null where nobody knows beforehand. */
  readonly expectedSeconds: number | null;
  /** A short run whose result only decides about the real one: `plan` is called again with it. */
  readonly pilot?: true;
}

/** What the runner has to know of a tool. Pure. */
export interface ToolRecipe<R extends BenchRequest = BenchRequest> {
  needs(request: R, facts: Pair<NodeFacts>): readonly ToolNeed[];
  /** @throws Failure BENCH_MEMORY, BENCH_NO_LINK */
  plan(context: PlanContext<R>): ToolPlan;
}

/** Seconds beyond the expected ones after which a node ends a program by itself. */
export const SLACK_SECONDS = 20;

/** Sender (or asker) and receiver of a one-way test. */
export function ways({ direction }: { direction: 'forward' | 'reverse' }): {
  client: Position;
  server: Position;
} {
  return direction === 'forward' ? { client: 0, server: 1 } : { client: 1, server: 0 };
}

/** The same program of the same package on both nodes. */
export function onBoth(program: string, name: string): ToolNeed[] {
  return ([0, 1] as const).map((node) => ({ node, program, package: name }));
}

/** A link's name for a part: its half; `both` for several, or where the names tell none. */
export function halvesOf(links: readonly BenchLink[]): BenchHalves {
  const [first, second] = links;
  return second === undefined ? (first?.half ?? 'both') : 'both';
}
