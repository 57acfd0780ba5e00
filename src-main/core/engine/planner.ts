import { createTwoFilesPatch } from 'diff';
import type { Plan, PlannedChange, PlannedCommand, PlannedStage } from '../../contract/plan';
import { digest } from '../canonical';
import type { AnyKind, Change, Preview, Procedure, Scope } from '../change/kind';
import { Failure } from '../failure';
import type { Command } from '../ports';
import type { Hands } from './hands';
import type { Assessment, Playbook, StageContext } from './playbook';

/** A plan with what is needed to carry it out in this process. */
export interface Prepared {
  readonly plan: Plan;
  readonly playbook: Playbook;
  readonly context: StageContext<unknown>;
  /** When the facts were read, ms since the epoch. */
  readonly madeAt: number;
  /** The run that is continued, when it is one. */
  readonly resumes: string | undefined;
}

export type Kinds = ReadonlyMap<string, AnyKind>;

/** @throws Failure INTERNAL for a kind that this version does not know */
export function kindOf(kinds: Kinds, name: string): AnyKind {
  const kind = kinds.get(name);
  if (!kind) throw new Failure('INTERNAL', { kind: name });
  return kind;
}

interface Draft {
  readonly id: string;
  readonly assessment: Assessment | undefined;
  readonly changes: readonly Change[];
}

/**
 * Asks every stage what it has to do, reads the present state of all that would change (one round trip per node), and
 * leaves out what is already as wanted.
 */
export async function planStages(
  playbook: Playbook,
  context: StageContext<unknown>,
  kinds: Kinds,
  hands: Hands,
  scope: { readonly run: string; readonly firstIndex: number },
): Promise<PlannedStage[]> {
  const drafts: Draft[] = [];
  let blocked = false;
  for (const stage of playbook.stages) {
    const assessment: Assessment | undefined = blocked ? undefined : await stage.assess(context);
    blocked ||= assessment?.status === 'blocked';
    drafts.push({
      id: stage.id,
      assessment,
      changes: assessment?.status === 'needed' ? assessment.changes : [],
    });
  }
  const priors = await readPriors(
    drafts.flatMap((draft) => draft.changes),
    kinds,
    hands,
    context.signal,
  );
  let index = scope.firstIndex;
  return drafts.map((draft) => {
    const wanted = draft.changes.filter((change) => {
      const kind = kindOf(kinds, change.kind);
      return !kind.satisfied(change.spec, priors.get(change.id));
    });
    const changes = wanted.map((change) =>
      planChange(change, kindOf(kinds, change.kind), priors.get(change.id), {
        run: scope.run,
        node: change.node,
        index: index++,
      }),
    );
    return plannedStage(draft, changes);
  });
}

function plannedStage({ id, assessment, changes: drafted }: Draft, changes: PlannedChange[]): PlannedStage {
  if (!assessment) return { id, status: 'waiting', notes: [], blockers: [], changes: [] };
  const blockers = assessment.status === 'blocked' ? [...assessment.blockers] : [];
  // All that the stage wanted to change is already so: it is satisfied after all.
  const settled = assessment.status === 'needed' && drafted.length > 0 && changes.length === 0;
  return {
    id,
    status: settled ? 'satisfied' : assessment.status,
    notes: [...assessment.notes],
    blockers,
    changes,
  };
}

async function readPriors(
  changes: readonly Change[],
  kinds: Kinds,
  hands: Hands,
  signal: AbortSignal | undefined,
): Promise<Map<string, unknown>> {
  const nodes = [...new Set(changes.map((change) => change.node))];
  const priors = new Map<string, unknown>();
  await Promise.all(
    nodes.map(async (node) => {
      const own = changes.filter((change) => change.node === node);
      const states = await hands.states(
        node,
        own.map((change) => ({ kind: kindOf(kinds, change.kind), spec: change.spec })),
        signal,
      );
      own.forEach((change, position) => priors.set(change.id, states[position]));
    }),
  );
  return priors;
}

function planChange(change: Change, kind: AnyKind, prior: unknown, scope: Scope): PlannedChange {
  const procedure = kind.forward(change.spec, prior, scope);
  const irreversible = kind.irreversible?.(change.spec, prior);
  return {
    id: change.id,
    node: change.node,
    kind: change.kind,
    spec: change.spec,
    summary: change.summary,
    step: change.step,
    index: scope.index,
    prior,
    commands: plannedCommands(change.node, procedure),
    previews: kind.preview(change.spec, prior).map((preview) => ({ ...preview, diff: unifiedDiff(preview) })),
    ...(procedure.guard ? { guardSeconds: procedure.guard.seconds } : {}),
    ...(irreversible ? { irreversible } : {}),
  };
}

/** The difference as `diff -u` prints it. */
function unifiedDiff({ title, before, after }: Preview): string {
  const [from, to] = [before === null ? '/dev/null' : title, after === null ? '/dev/null' : title];
  // What is described in words rather than shown as a file's text has no final line end on either side.
  const open = [before, after].every((text) => !text?.endsWith('\n'));
  const line = (text: string | null) => (text === null ? '' : open ? `${text}\n` : text);
  const patch = createTwoFilesPatch(from, to, line(before), line(after));
  return patch.slice(patch.indexOf('--- '));
}

/** The commands of a procedure in the order in which they run. */
export function plannedCommands(node: string, { commands, guard }: Procedure): PlannedCommand[] {
  const show = (phase: PlannedCommand['phase']) => (command: Command) => showCommand(node, command, phase);
  return [
    ...commands.map(show('act')),
    ...(guard
      ? [show('arm')(guard.arm), ...guard.trial.map(show('trial')), ...guard.keep.map(show('keep'))]
      : []),
  ];
}

function showCommand(node: string, command: Command, phase: PlannedCommand['phase']): PlannedCommand {
  const shown = { node, script: command.script.text, root: command.root, phase };
  const input = command.input;
  switch (input?.kind) {
    case undefined:
      return shown;
    case 'text':
      return { ...shown, stdin: { kind: 'text', text: input.text } };
    case 'secret':
      return { ...shown, stdin: { kind: 'secret', name: `${input.secret.kind} ${input.secret.user}` } };
    case 'output': {
      const { script, root } = input.command;
      return { ...shown, stdin: { kind: 'output', node: input.node, script: script.text, root } };
    }
  }
}

/** Names a plan by what it rests on: nodes, inputs, facts, and every change with the state it starts from. */
export function planHash(plan: Omit<Plan, 'hash' | 'run' | 'createdAt'>, salt: readonly unknown[]): string {
  return digest({
    salt,
    playbook: plan.playbook,
    inputs: plan.inputs,
    nodes: plan.nodes.map(({ name, hostKey }) => ({ name, hostKey })),
    factsHash: plan.factsHash,
    stages: plan.stages.map(({ id, status, changes }) => ({
      id,
      status,
      changes: changes.map((change) => ({
        id: change.id,
        kind: change.kind,
        spec: change.spec,
        prior: change.prior,
      })),
    })),
  });
}
