import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { LabError } from './error';
import type { Machine } from './machine';
import type { LabPlan, Side } from './plan';
import type { ProcessId } from './process';

/** Where labs without a folder of their own live, so that leftovers of a crashed run are found. */
export const defaultParent = '/var/tmp/twinspark-lab';
export const defaultCache = '/var/cache/twinspark-lab';

/** What is known of a lab outside its processes: enough to tear it down from another process. */
export interface LabState {
  readonly plan: LabPlan;
  /** The process that made it; a lab without `keep` whose owner is gone is a leftover. */
  readonly owner: ProcessId;
  machines: Partial<Record<Side, Machine>>;
  /** Host-side ends of cables that are pulled. */
  unplugged: string[];
}

const fileOf = (stateDir: string) => join(stateDir, 'state.json');

/** Writes state.json at once, so that a crash leaves the old or the new one. */
export function saveState(state: LabState): void {
  const file = fileOf(state.plan.stateDir);
  mkdirSync(state.plan.stateDir, { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** @throws LabError `no-lab` when the folder holds none */
export function loadState(stateDir: string): LabState {
  const file = fileOf(stateDir);
  if (!existsSync(file)) throw new LabError('no-lab', `no lab in ${stateDir}`);
  // The lab's own file, written by saveState in a folder that only root can write.
  return JSON.parse(readFileSync(file, 'utf8')) as LabState;
}

/** Folders under the default parent that hold a lab. */
export function knownLabs(): string[] {
  if (!existsSync(defaultParent)) return [];
  return readdirSync(defaultParent)
    .map((name) => join(defaultParent, name))
    .filter((folder) => existsSync(fileOf(folder)));
}
