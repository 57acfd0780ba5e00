import type { PlanView } from '../../api/types';

export type PlannedStage = PlanView['stages'][number];
export type PlannedChange = PlannedStage['changes'][number];

export interface NodeChanges<Change> {
  readonly node: string;
  readonly changes: readonly Change[];
}

/** Changes by node, both nodes always there and in the pair's order, then whoever else is named. */
export function byNode<Change extends { readonly node: string }>(
  changes: readonly Change[],
  pair: readonly string[],
): NodeChanges<Change>[] {
  const names = [...new Set([...pair, ...changes.map(({ node }) => node)])];
  return names.map((node) => ({ node, changes: changes.filter((change) => change.node === node) }));
}

/** Changes by stage in the order in which the stages first appear. */
export function byStage<Change extends { readonly stage: string }>(
  changes: readonly Change[],
): { readonly stage: string; readonly changes: readonly Change[] }[] {
  const stages = [...new Set(changes.map(({ stage }) => stage))];
  return stages.map((stage) => ({ stage, changes: changes.filter((change) => change.stage === stage) }));
}

/** Changes that applying would make: all of them, or those up to a stage (included). */
export function countChanges(plan: PlanView, until?: string): number {
  const last = until === undefined ? -1 : plan.stages.findIndex(({ id }) => id === until);
  const stages = last < 0 ? plan.stages : plan.stages.slice(0, last + 1);
  return stages.reduce((sum, { changes }) => sum + changes.length, 0);
}

/** Whether anything is left to do or to measure: a plan all of whose stages are in place needs no run. */
export function isNothing(plan: PlanView): boolean {
  return plan.stages.every(({ status }) => status === 'satisfied');
}

/** The stages that stop a plan. */
export function blockedStages(plan: PlanView): readonly PlannedStage[] {
  return plan.stages.filter(({ status }) => status === 'blocked');
}
