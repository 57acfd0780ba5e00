import { readFileSync, writeFileSync } from 'node:fs';

import { LabError } from './error';
import { readTree, readUpper } from './file-tree';
import type { Tree } from './file-tree';
import { execInside } from './machine';
import type { Machine } from './machine';
import { nodePaths } from './plan';
import type { LabPlan, Side } from './plan';
import { must } from './process';
import { parseState, stateScript } from './system-state';
import type { Sections } from './system-state';

/** Folders in memory of a running node that are compared in whole; the upper layer does not hold them. */
const memoryFolders = [
  '/run/netplan',
  '/run/systemd/network',
  '/run/systemd/transient',
  '/run/systemd/system.control',
  '/run/NetworkManager/system-connections',
  '/run/NetworkManager/conf.d',
  '/run/udev/rules.d',
  '/run/sysctl.d',
  '/run/tmpfiles.d',
  '/run/sshd',
  '/tmp',
  '/dev/shm',
];

/** A node at one moment: what it has written, and what it says of itself. */
export interface Snapshot {
  readonly files: Tree;
  readonly state: Sections;
}

/** Reads a running node. Its files are read from outside, so that a broken node can still be compared. */
export async function takeSnapshot(plan: LabPlan, side: Side, machine: Machine): Promise<Snapshot> {
  const { upper, pristine } = nodePaths(plan, side);
  const [files, said] = await Promise.all([
    readUpper(upper, pristine),
    execInside(machine, stateScript, { timeoutMs: 30_000 }),
  ]);
  if (!said.stdout.includes('@@ done')) {
    throw new LabError('command-failed', `cannot read the state of node ${side}: ${said.stderr.slice(-500)}`);
  }
  const root = `/proc/${machine.init.pid}/root`;
  const ours = (await must('ls', ['-A', `${root}/run`]))
    .split('\n')
    .filter((name) => name.startsWith('twinspark'))
    .map((name) => `/run/${name}`);
  for (const folder of [...memoryFolders, ...ours]) Object.assign(files, readTree(root, folder));
  return { files, state: parseState(said.stdout) };
}

/** Keeps a node's fresh state in the lab's folder. */
export function saveFresh(plan: LabPlan, side: Side, snapshot: Snapshot): void {
  writeFileSync(nodePaths(plan, side).fresh, JSON.stringify(snapshot), { mode: 0o600 });
}

/** The fresh state as it was kept by `saveFresh`. */
export function loadFresh(plan: LabPlan, side: Side): Snapshot {
  return JSON.parse(readFileSync(nodePaths(plan, side).fresh, 'utf8')) as Snapshot;
}
