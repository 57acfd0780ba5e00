import type { EngineEventBody } from '../../contract/events';
import type { Message } from '../../contract/message';
import type { Plan, PlannedChange, PlannedStage } from '../../contract/plan';
import { sameValue } from '../canonical';
import type { AnyKind, Procedure } from '../change/kind';
import { Failure, throwIfCancelled } from '../failure';
import type { Hands } from './hands';
import type { RecordBody } from './journal';
import { kindOf, type Kinds, type Prepared } from './planner';
import type { Stage, StageContext } from './playbook';
import type { RunChange } from './run-state';
import { PROVE_LIMIT_MS } from './undo';

export interface ApplyTools {
  readonly kinds: Kinds;
  readonly hands: Hands;
  readonly emit: (event: EngineEventBody) => void;
  readonly write: (record: RecordBody) => Promise<void>;
  readonly signal: AbortSignal | undefined;
}

interface Doing {
  readonly planned: PlannedChange;
  readonly kind: AnyKind;
  readonly prior: unknown;
  readonly procedure: Procedure;
}

/**
 * Carries out one plan, stage by stage. Every change is journaled with the state it starts from before it acts.
 * `inPlace` grows as changes begin, so that whoever catches a failure knows what to take back.
 */
export class Applier {
  /** Changes of the stage that is being applied. */
  readonly inPlace: RunChange[] = [];

  constructor(
    private readonly run: string,
    private readonly tools: ApplyTools,
  ) {}

  /** @throws Failure; the stage's changes in {@link inPlace} are then for the caller to take back */
  async stage(planned: PlannedStage, { playbook, context, plan }: Prepared): Promise<readonly Message[]> {
    const { emit, write, signal } = this.tools;
    this.inPlace.length = 0;
    throwIfCancelled(signal);
    if (planned.status === 'satisfied') {
      await write({ type: 'stage-satisfied', stage: planned.id, notes: planned.notes });
      emit({ type: 'stage', stage: planned.id, status: 'satisfied', notes: planned.notes });
      return planned.notes;
    }
    emit({ type: 'stage', stage: planned.id, status: 'running', notes: planned.notes });
    await write({ type: 'stage-started', stage: planned.id });
    for (const step of stepsOf(planned.changes)) {
      await this.#step(planned.id, step, plan);
      throwIfCancelled(signal);
    }
    const stage = playbook.stages.find((candidate) => candidate.id === planned.id);
    const notes = stage ? await verifyStage(stage, { ...context, signal }, this.tools.hands) : [];
    await write({ type: 'stage-done', stage: planned.id, notes: [...notes] });
    emit({ type: 'stage', stage: planned.id, status: 'done', notes });
    return notes;
  }

  async #step(stage: string, changes: readonly PlannedChange[], plan: Plan): Promise<void> {
    const { hands, signal } = this.tools;
    const lanes = new Map<string, PlannedChange[]>();
    for (const change of changes) lanes.set(change.node, [...(lanes.get(change.node) ?? []), change]);
    const guarded: Doing[] = [];
    const started = await settle(
      [...lanes].map(async ([node, own]) => {
        const doings = await this.#freshStates(node, own, plan);
        for (const doing of doings) {
          throwIfCancelled(signal);
          if (await this.#begin(stage, doing)) guarded.push(doing);
        }
      }),
    );
    if (started) throw started;
    if (guarded.length === 0) return;
    throwIfCancelled(signal);

    // All nodes have made their trial: prove the way to every one before any of them keeps it.
    const prove = { timeoutMs: PROVE_LIMIT_MS, ...(signal ? { signal } : {}) };
    await Promise.all(plan.nodes.map(({ name }) => hands.session(name).proveReachable(prove)));
    const kept = await settle(
      guarded.map(async (doing) => {
        const node = doing.planned.node;
        for (const command of doing.procedure.guard?.keep ?? []) await hands.act(node, command, signal);
        await this.#finish(doing);
      }),
    );
    if (kept) throw kept;
  }

  /** Reads the states once more: a plan is only good for the state that it was made from. */
  async #freshStates(node: string, changes: readonly PlannedChange[], plan: Plan): Promise<Doing[]> {
    const { hands, kinds, signal } = this.tools;
    const readings = changes.map((change) => ({ kind: kindOf(kinds, change.kind), spec: change.spec }));
    const states = await hands.states(node, readings, signal);
    return changes.map((planned, position) => {
      const kind = kindOf(kinds, planned.kind);
      const prior = states[position];
      if (!sameValue(prior, planned.prior)) {
        throw new Failure('PLAN_STALE', { change: planned.id }, { node, evidence: kind.text(prior) });
      }
      const scope = { run: plan.run, node, index: planned.index };
      return { planned, kind, prior, procedure: kind.forward(planned.spec, prior, scope) };
    });
  }

  /** @returns whether the change is guarded and now waits to be kept */
  async #begin(stage: string, doing: Doing): Promise<boolean> {
    const { planned, prior, procedure } = doing;
    const { hands, emit, write, signal } = this.tools;
    const { id, node, kind, spec, summary, step, index } = planned;
    const change = { id, node, kind, spec, summary, step };
    await write({ type: 'intent', index, stage, change, prior });
    this.inPlace.push({ run: this.run, index, stage, change, prior, status: 'unknown' });
    emit({ type: 'change', change: id, node, status: 'applying', summary });
    for (const command of procedure.commands) await hands.act(node, command, signal);
    if (!procedure.guard) {
      await this.#finish(doing);
      return false;
    }
    await hands.act(node, procedure.guard.arm, signal);
    await write({ type: 'trial', index });
    emit({ type: 'change', change: id, node, status: 'trial', summary });
    for (const command of procedure.guard.trial) await hands.act(node, command, signal);
    return true;
  }

  async #finish({ planned, kind, prior }: Doing): Promise<void> {
    const { hands, emit, write } = this.tools;
    const { id, node, spec, summary, index } = planned;
    const [after] = await hands.states(node, [{ kind, spec }]);
    if (!kind.achieved(spec, prior, after)) {
      throw new Failure('READ_BACK_MISMATCH', { change: id }, { node, evidence: kind.text(after) });
    }
    await write({ type: 'applied', index, after });
    const position = this.inPlace.findIndex((entry) => entry.index === index);
    const entry = this.inPlace[position];
    if (entry) this.inPlace[position] = { ...entry, after, status: 'applied' };
    emit({ type: 'change', change: id, node, status: 'applied', summary });
  }
}

/** Measures a stage's promise. @throws Failure VERIFY_FAILED with the causes */
async function verifyStage(stage: Stage<unknown>, context: StageContext<unknown>, hands: Hands) {
  const measured = await stage.verify?.(context);
  if (!measured) return [];
  const verification = hands.cleaned(measured);
  if (!verification.ok) {
    throw new Failure(
      'VERIFY_FAILED',
      { stage: stage.id },
      {
        causes: [...verification.causes],
        ...(verification.evidence === undefined ? {} : { evidence: verification.evidence }),
      },
    );
  }
  return verification.notes;
}

function stepsOf(changes: readonly PlannedChange[]): PlannedChange[][] {
  const steps = [...new Set(changes.map((change) => change.step))].sort((a, b) => a - b);
  return steps.map((step) => changes.filter((change) => change.step === step));
}

/** Waits for all; the first failure that is no mere consequence of cancelling, else the first. */
async function settle(promises: readonly Promise<unknown>[]): Promise<Error | undefined> {
  const results = await Promise.allSettled(promises);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  return reasons.find((reason) => !(reason instanceof Failure && reason.code === 'CANCELLED')) ?? reasons[0];
}
