import type { EngineEventBody } from '../../contract/events';
import { Failure, toFailure } from '../failure';
import type { Hands } from './hands';
import type { RecordBody } from './journal';
import { kindOf, type Kinds } from './planner';
import type { RunChange } from './run-state';

export interface UndoResult {
  readonly restored: number[];
  /** Somebody has since edited the same thing: left as it is. */
  readonly drifted: { index: number; difference: string }[];
  readonly failed: { index: number; failure: Failure }[];
}

interface UndoTools {
  readonly kinds: Kinds;
  readonly hands: Hands;
  readonly emit: (event: EngineEventBody) => void;
  readonly write: (record: RecordBody) => Promise<void>;
  /** Stops between two changes; what is left stays for a later rollback. */
  readonly signal?: AbortSignal | undefined;
}

/** How long a new connection may take when it proves that a node is still reachable, ms. */
export const PROVE_LIMIT_MS = 20_000;

/**
 * Takes changes back in reverse order, both nodes at once. Each is looked at first: what is already as before stays,
 * what somebody else has edited stays and is told, everything else is restored and read back; what is then not as before
 * has failed.
 * A failure on one node stops that node (what came before may depend on it), not the other.
 */
export async function undoChanges(changes: readonly RunChange[], tools: UndoTools): Promise<UndoResult> {
  const result: UndoResult = { restored: [], drifted: [], failed: [] };
  if (changes.length === 0) return result;
  await tools.write({ type: 'undo-started', indexes: changes.map((change) => change.index) });
  const stopped = new Map<string, Failure>();
  for (const group of stepsBackwards(changes)) {
    const nodes = [...new Set(group.map((change) => change.change.node))];
    await Promise.all(
      nodes.map(async (node) => {
        for (const change of group.filter((candidate) => candidate.change.node === node)) {
          const cause = stopped.get(node) ?? cancelled(tools.signal);
          if (cause) {
            result.failed.push({ index: change.index, failure: cause });
            continue;
          }
          try {
            await undoOne(change, tools, result);
          } catch (error) {
            const failure = toFailure(error);
            stopped.set(node, failure);
            result.failed.push({ index: change.index, failure });
            tell(tools, change, 'failed');
            await tools.write({
              type: 'undone',
              index: change.index,
              outcome: 'failed',
              failure: failure.info,
            });
          }
        }
      }),
    );
  }
  return result;
}

function cancelled(signal: AbortSignal | undefined): Failure | undefined {
  return signal?.aborted === true ? new Failure('CANCELLED') : undefined;
}

/** Changes by (stage, step), last first; inside a step last first too. */
function stepsBackwards(changes: readonly RunChange[]): RunChange[][] {
  const groups: RunChange[][] = [];
  for (const change of [...changes].sort((a, b) => b.index - a.index)) {
    const last = groups.at(-1)?.[0];
    if (last?.stage === change.stage && last.change.step === change.change.step) groups.at(-1)?.push(change);
    else groups.push([change]);
  }
  return groups;
}

function tell(tools: UndoTools, change: RunChange, status: 'undoing' | 'restored' | 'untouched' | 'failed') {
  const { id, node, summary } = change.change;
  tools.emit({ type: 'change', change: id, node, status, summary });
}

async function undoOne(entry: RunChange, tools: UndoTools, result: UndoResult): Promise<void> {
  const { kinds, hands, write } = tools;
  const { node, id, summary } = entry.change;
  const kind = kindOf(kinds, entry.change.kind);
  const spec = kind.spec.parse(entry.change.spec);
  const prior = kind.state.parse(entry.prior);
  const after = entry.after === undefined ? undefined : kind.state.parse(entry.after);
  const reading = [{ kind, spec }];

  tell(tools, entry, 'undoing');
  const [now] = await hands.states(node, reading);
  const verdict = kind.judge(spec, prior, after, now);
  if (verdict === 'prior') {
    await write({ type: 'undone', index: entry.index, outcome: 'untouched' });
    tell(tools, entry, 'untouched');
    result.restored.push(entry.index);
    return;
  }
  if (verdict === 'foreign') {
    const difference = `--- left by the run\n${kind.text(after ?? prior)}\n+++ now\n${kind.text(now)}`;
    await write({ type: 'undone', index: entry.index, outcome: 'drifted', difference });
    tools.emit({ type: 'change', change: id, node, status: 'drifted', summary, difference });
    result.drifted.push({ index: entry.index, difference });
    return;
  }

  const procedure = kind.backward(spec, prior, now, { run: entry.run, node, index: entry.index });
  for (const command of procedure.commands) await hands.act(node, command);
  if (procedure.guard) {
    await hands.act(node, procedure.guard.arm);
    for (const command of procedure.guard.trial) await hands.act(node, command);
    await hands.session(node).proveReachable({ timeoutMs: PROVE_LIMIT_MS });
    for (const command of procedure.guard.keep) await hands.act(node, command);
  }
  const [restored] = await hands.states(node, reading);
  if (!kind.undone(spec, prior, restored)) {
    throw new Failure('UNDO_FAILED', { change: id }, { node, evidence: kind.text(restored) });
  }
  await write({ type: 'undone', index: entry.index, outcome: 'restored' });
  tell(tools, entry, 'restored');
  result.restored.push(entry.index);
}
