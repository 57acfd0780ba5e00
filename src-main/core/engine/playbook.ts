import type { NodeFacts } from '../../contract/facts';
import type { Message } from '../../contract/message';
import type { Blocker } from '../../contract/plan';
import type { Change } from '../change/kind';
import type { ExecResult, NodeAddress } from '../ports';
import type { Script } from '../shell/quote';

export type Pair<T> = readonly [T, T];

export interface NodeView {
  readonly address: NodeAddress;
  readonly facts: NodeFacts;
}

/** One choice of a playbook, given by `--set key=value` or in the window. */
export interface InputSpec {
  /** `stage.name`, e.g. `network.method`. */
  readonly key: string;
  readonly default?: string;
  /** The values allowed; absent for free text. */
  readonly values?: readonly string[];
  /** What free text has to match. */
  readonly pattern?: RegExp;
}

export type Inputs = Readonly<Record<string, string>>;

/** Where a stage looks and what it knows. `shared` carries what earlier stages found out to later ones. */
export interface StageContext<Shared> {
  readonly nodes: Pair<NodeView>;
  /** What was given; defaults filled in by {@link Playbook.inputs}. */
  readonly inputs: Inputs;
  /** Keys of `inputs` that the person set (not defaults). */
  readonly chosen: ReadonlySet<string>;
  /** Networks of this computer, CIDR. */
  readonly laptopNetworks: readonly string[];
  /** Time here, ms since the epoch, at which the facts arrived. */
  readonly now: number;
  readonly shared: Shared;
  /** Runs a command that only reads. */
  look(node: string, script: Script, options?: { root?: boolean; timeoutMs?: number }): Promise<ExecResult>;
  readonly signal: AbortSignal | undefined;
}

/** What a stage has to do. `notes` say what was found and, for needed, what will be done. */
export type Assessment =
  | { readonly status: 'satisfied'; readonly notes: readonly Message[] }
  | { readonly status: 'needed'; readonly notes: readonly Message[]; readonly changes: readonly Change[] }
  | { readonly status: 'blocked'; readonly notes: readonly Message[]; readonly blockers: readonly Blocker[] };

export interface Verification {
  readonly ok: boolean;
  /** What was measured. */
  readonly notes: readonly Message[];
  /** Likely causes of what is wrong, most likely first. */
  readonly causes: readonly { cause: Message; remedy: Message }[];
  /** Raw output that shows it. */
  readonly evidence?: string;
}

export interface Stage<Shared> {
  readonly id: string;
  /** Stages whose changes this one's build on: they cannot be rolled back while this one's are in place. */
  readonly needs: readonly string[];
  /** Says what is to do. Changes nothing; may look. */
  assess(context: StageContext<Shared>): Promise<Assessment>;
  /** Measures from outside whether the stage's promise holds. Runs after `assess` (shared is filled) and after apply. */
  verify?(context: StageContext<Shared>): Promise<Verification>;
}

export interface Playbook<Shared = unknown> {
  readonly id: string;
  /** How long it takes on two nodes that answer. */
  readonly minutes: number;
  /** What can go wrong at worst: `medium` touches the network, and is guarded. */
  readonly risk: 'low' | 'medium' | 'high';
  readonly inputs: readonly InputSpec[];
  readonly stages: readonly Stage<Shared>[];
  /** Fresh carrier of what stages tell each other. */
  shared(): Shared;
  /** Account whose SSH files the playbook works on; the login user when undefined. */
  account?(inputs: Inputs): string | undefined;
}
