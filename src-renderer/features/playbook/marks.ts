import type { StageView } from '../../api/types';
import type { ChangeStatus } from './change-rows';

/** The shapes that the window has for a state; see `ui/status-icon.svelte`. */
export type Mark =
  'open' | 'running' | 'ok' | 'warning' | 'failed' | 'blocked' | 'waiting' | 'undone' | 'skipped';

const stages: Readonly<Record<StageView['status'], Mark>> = {
  unknown: 'open',
  satisfied: 'ok',
  needed: 'open',
  blocked: 'blocked',
  waiting: 'waiting',
  running: 'running',
  done: 'ok',
  failed: 'failed',
  'taken-back': 'undone',
  undoing: 'running',
  undone: 'undone',
};

export function stageMark(status: StageView['status']): Mark {
  return stages[status];
}

const changes: Readonly<Record<ChangeStatus, Mark>> = {
  applying: 'running',
  trial: 'waiting',
  applied: 'ok',
  failed: 'failed',
  undoing: 'running',
  restored: 'undone',
  untouched: 'skipped',
  drifted: 'warning',
};

/** @param status null while it is only planned */
export function changeMark(status: ChangeStatus | null): Mark {
  return status === null ? 'open' : changes[status];
}
