import type { RunOutcome } from '../../contract/run';
import type { FailureCode, FailureInfo } from '../../contract/failure';

/**
 * 0 done; 1 a stage failed; 2 usage or bad input; 3 a node unreachable or login refused; 4 host key unknown or changed;
 * 5 the plan is stale; 6 rolled back with differences left; 130 cancelled.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 130;

/** The exit code of every failure that ends a command. */
export const failureExit: Record<FailureCode, ExitCode> = {
  USAGE: 2,
  BAD_CLUSTER_FILE: 2,
  BAD_INPUT: 2,
  INPUT_UNREADABLE: 2,
  UNKNOWN_PLAYBOOK: 2,
  UNKNOWN_RUN: 2,
  CONFIRMATION_NEEDED: 2,
  ANSWER_NEEDED: 2,

  NAME_NOT_RESOLVED: 3,
  NODE_UNREACHABLE: 3,
  CONNECTION_LOST: 3,
  CONNECTION_TIMEOUT: 3,
  SSH_PROTOCOL: 3,
  LOGIN_REFUSED: 3,
  KEY_UNREADABLE: 3,
  JUMP_FAILED: 3,

  HOST_KEY_UNKNOWN: 4,
  HOST_KEY_CHANGED: 4,
  HOST_KEY_REVOKED: 4,
  // The journal's host key is not the node's: the same question as a changed key.
  NODE_MISMATCH: 4,

  SHELL_UNUSABLE: 1,
  SUDO_MISSING: 1,
  SUDO_NOT_ALLOWED: 1,
  SUDO_PASSWORD_NEEDED: 1,
  SUDO_PASSWORD_WRONG: 1,
  COMMAND_FAILED: 1,
  COMMAND_TIMEOUT: 1,
  OUTPUT_LIMIT: 1,
  NOT_UNDERSTOOD: 1,

  STAGE_BLOCKED: 1,
  RUN_LOCKED: 1,
  RUN_UNFINISHED: 1,
  NODE_BUSY: 1,
  JOURNAL_DAMAGED: 1,
  JOURNAL_WRITE: 1,
  CHANGE_FAILED: 1,
  READ_BACK_MISMATCH: 1,
  GUARD_REVERTED: 1,
  VERIFY_FAILED: 1,
  UNDO_FAILED: 1,
  INTERNAL: 1,

  BENCH_TOOL_MISSING: 1,
  BENCH_NO_LINK: 1,
  BENCH_TOOL_FAILED: 1,
  BENCH_SERVER_SILENT: 1,
  BENCH_MEMORY: 1,
  HISTORY_WRITE: 1,

  // The window's own; no command ends with most of them.
  BAD_REQUEST: 2,
  NOT_CONNECTED: 3,
  WORK_RUNNING: 1,
  NOT_FOUND: 2,
  PROMPT_GONE: 1,
  ROLLBACK_CHANGED: 5,
  SETTINGS_WRITE: 1,
  SECRET_NOT_SAVED: 1,
  TERMINAL_LIMIT: 1,
  TERMINAL_UNAVAILABLE: 1,
  PRACTICE_UNAVAILABLE: 1,
  SERVER_PORT_BUSY: 1,

  PLAN_STALE: 5,
  PLAN_USED: 5,
  UNDO_ORDER: 2,
  CANCELLED: 130,
};

type Outcome = RunOutcome | 'nothing-to-do' | 'unfinished';

/** The exit code of an apply that began. A stage that failed says 1 whatever made it fail, except for a stale plan. */
export function applyExit(outcome: Outcome, failure?: FailureInfo): ExitCode {
  switch (outcome) {
    case 'done':
    case 'nothing-to-do':
      return 0;
    case 'cancelled':
      return 130;
    case 'failed':
    case 'unfinished':
    case 'rolled-back':
    case 'rolled-back-with-differences':
      return failure?.code === 'PLAN_STALE' ? 5 : 1;
  }
}

/**
 * The exit code of a rollback. `done`, `failed` and `cancelled` are what the run still is when only part of it was to be
 * taken back: the rollback itself has done its work.
 */
export function rollbackExit(outcome: Outcome, failures: readonly FailureInfo[] = []): ExitCode {
  switch (outcome) {
    case 'rolled-back':
    case 'done':
    case 'failed':
    case 'cancelled':
    case 'nothing-to-do':
      return 0;
    case 'rolled-back-with-differences':
      return 6;
    case 'unfinished': {
      const first = failures.find(({ code }) => code !== 'CANCELLED') ?? failures[0];
      return first === undefined ? 1 : failureExit[first.code];
    }
  }
}
