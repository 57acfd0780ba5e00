import { z } from 'zod';
import { messageSchema } from './message';

/**
 * Every way in which Twinspark can fail, by stable code. The catalogue holds for each code
 * `failure.CODE.what` (what happened and why) and `failure.CODE.remedy` (what to do).
 * Playbook-specific causes are messages of the playbook, attached as `causes`.
 */
export const failureCodes = [
  // Input, refused before anything happens.
  'USAGE',
  'BAD_CLUSTER_FILE',
  'BAD_INPUT',
  'INPUT_UNREADABLE',
  'UNKNOWN_PLAYBOOK',
  'UNKNOWN_RUN',
  'CONFIRMATION_NEEDED',
  'ANSWER_NEEDED',
  // The way to a node.
  'NAME_NOT_RESOLVED',
  'NODE_UNREACHABLE',
  'CONNECTION_LOST',
  'CONNECTION_TIMEOUT',
  'SSH_PROTOCOL',
  'LOGIN_REFUSED',
  'KEY_UNREADABLE',
  'JUMP_FAILED',
  'HOST_KEY_UNKNOWN',
  'HOST_KEY_CHANGED',
  'HOST_KEY_REVOKED',
  // Commands on a node.
  'SHELL_UNUSABLE',
  'SUDO_MISSING',
  'SUDO_NOT_ALLOWED',
  'SUDO_PASSWORD_NEEDED',
  'SUDO_PASSWORD_WRONG',
  'COMMAND_FAILED',
  'COMMAND_TIMEOUT',
  'OUTPUT_LIMIT',
  'NOT_UNDERSTOOD',
  'CANCELLED',
  // The engine.
  'STAGE_BLOCKED',
  'PLAN_STALE',
  'PLAN_USED',
  'RUN_LOCKED',
  'RUN_UNFINISHED',
  'NODE_BUSY',
  'NODE_MISMATCH',
  'JOURNAL_DAMAGED',
  'JOURNAL_WRITE',
  'CHANGE_FAILED',
  'READ_BACK_MISMATCH',
  'GUARD_REVERTED',
  'VERIFY_FAILED',
  'UNDO_FAILED',
  'UNDO_ORDER',
  // The window.
  'BAD_REQUEST',
  'NOT_CONNECTED',
  'WORK_RUNNING',
  'NOT_FOUND',
  'PROMPT_GONE',
  'ROLLBACK_CHANGED',
  'SETTINGS_WRITE',
  'SECRET_NOT_SAVED',
  'TERMINAL_LIMIT',
  'TERMINAL_UNAVAILABLE',
  'PRACTICE_UNAVAILABLE',
  // Benchmarks.
  /** params: tool, package; node. */
  'BENCH_TOOL_MISSING',
  /** params: half (`a`, `b`): no link with addresses on both nodes. */
  'BENCH_NO_LINK',
  /** params: tool, detail: the tool ended with an error of its own. */
  'BENCH_TOOL_FAILED',
  /** params: tool: the other side was not ready in time. */
  'BENCH_SERVER_SILENT',
  /** params: neededBytes, freeBytes; node. */
  'BENCH_MEMORY',
  'HISTORY_WRITE',
  'SERVER_PORT_BUSY',
  'INTERNAL',
] as const;
export const failureCodeSchema = z.enum(failureCodes);
export type FailureCode = z.infer<typeof failureCodeSchema>;

/** A failure as it crosses a process boundary or is written to a journal. */
export const failureInfoSchema = z.object({
  code: failureCodeSchema,
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Name of the node it happened on, where it was one. */
  node: z.string().optional(),
  /** Likely causes, most likely first, each with its remedy. */
  causes: z.array(z.object({ cause: messageSchema, remedy: messageSchema })).optional(),
  /** Raw output that belongs to it (capped, untrusted). */
  evidence: z.string().optional(),
});
export type FailureInfo = z.infer<typeof failureInfoSchema>;
