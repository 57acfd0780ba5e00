import type { z } from 'zod';
import type { Message } from '../../contract/message';
import type { Command } from '../ports';
import type { Script } from '../shell/quote';

/** One reversible act on one node, as a stage wants it: data only, so that a journal can hold it. */
export interface Change {
  /** Unique in its run and stable between plan and rollback, e.g. `network/spark-5c2d/netplan`. */
  readonly id: string;
  readonly node: string;
  readonly kind: string;
  readonly spec: unknown;
  readonly summary: Message;
  /**
   * Changes of one step run on both nodes at once; a step starts when the one before is done on both.
   * On one node, changes of a step run in the order in which the stage lists them.
   */
  readonly step: number;
}

/** How a thing looks before and after, for the person: a file's text or a line in the field's own terms. */
export interface Preview {
  /** Path, or what else is changed: `user nvidia`, `ufw`. */
  readonly title: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Octal mode of a file, where it is one. */
  readonly mode?: string;
}

/**
 * Commands that bring a change about. With `guard`, the node takes the trial back by itself unless `keep` runs:
 * `arm` starts a timer on the node, `trial` makes the change in a form that a power cut also takes back,
 * then the engine proves that the node can still be reached, then `keep` makes it last and stops the timer.
 */
export interface Procedure {
  readonly commands: readonly Command[];
  readonly guard?: {
    /** After how many seconds the node restores the old state by itself. */
    readonly seconds: number;
    readonly arm: Command;
    readonly trial: readonly Command[];
    readonly keep: readonly Command[];
  };
}

/** Names that belong to one run: the guard's unit, temporary files. Plain words (`[a-z0-9-]`). */
export interface Scope {
  readonly run: string;
  /** Position of the change in its run. */
  readonly index: number;
  /** Node that the change is made on: a secret is asked for by node. */
  readonly node: string;
}

/**
 * What `now` is, seen from a change that started at `prior`:
 * `prior`: untouched or already undone; `ours`: the change's result, whole or in part, with nothing of anybody else lost
 * by undoing it; `foreign`: somebody has since edited the same thing.
 */
export type Verdict = 'prior' | 'ours' | 'foreign';

/**
 * A kind of reversible change. Everything here is pure: it makes scripts and reads their output; the engine runs them.
 * The scripts run as root in /bin/sh. Specs and states are journaled: they never contain a secret.
 */
export interface ChangeKind<Spec, State> {
  readonly name: string;
  readonly spec: z.ZodType<Spec>;
  readonly state: z.ZodType<State>;
  /** Prints the state of the thing. Changes nothing. */
  read(spec: Spec): Script;
  /** @throws Failure CHANGE_FAILED when the output is not what `read` prints. */
  parse(spec: Spec, output: string): State;
  /** Whether `state` is already what the change wants: then nothing is planned. */
  satisfied(spec: Spec, state: State): boolean;
  forward(spec: Spec, prior: State, scope: Scope): Procedure;
  /** Steps from `now` back to `prior`; called for the verdict `ours` only. */
  backward(spec: Spec, prior: State, now: State, scope: Scope): Procedure;
  /**
   * Whether forward, run from `prior`, ended in `now`. Where the result is not known beforehand
   * (a key made on the node), whether `now` has all that can be known.
   */
  achieved(spec: Spec, prior: State, now: State): boolean;
  /** `after` is the state read back when the change was applied; absent when a crash came first. */
  judge(spec: Spec, prior: State, after: State | undefined, now: State): Verdict;
  /**
   * After an undo: whether `now` has nothing of the change left. Equal to `prior` for most kinds; a shared file that
   * others have since added to keeps their lines.
   */
  undone(spec: Spec, prior: State, now: State): boolean;
  preview(spec: Spec, prior: State): Preview[];
  /** What a drifted thing looks like beside what the change left, for showing the difference. */
  text(state: State): string;
  /** Said before the change runs, when part of it cannot be undone. */
  irreversible?(spec: Spec, prior: State): Message | undefined;
}

/** A kind with its types hidden, as the registry and the engine hold it. */
export type AnyKind = ChangeKind<unknown, unknown>;
