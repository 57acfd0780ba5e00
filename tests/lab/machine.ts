import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { LabError } from './error';
import { attach } from './network';
import { hostnames, nodePaths } from './plan';
import type { LabPlan, Side } from './plan';
import { alive, identify, killHard, must, run, until } from './process';
import type { ProcessId, RunResult } from './process';

/** The two processes that are a running node: nspawn outside and the node's init. */
export interface Machine {
  readonly nspawn: ProcessId;
  readonly init: ProcessId;
}

/** Limits for one command inside a node. */
export interface ExecOptions {
  readonly input?: string;
  /** Upper bound in ms; default 60,000. */
  readonly timeoutMs?: number;
}

/**
 * Hierarchies that carry processes: systemd's own and the unified one. Each node needs a group of its own, or the two
 * inits would manage the same one and stop each other's services.
 */
function hierarchies(): string[] {
  return ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified', '/sys/fs/cgroup'].filter((path) =>
    existsSync(join(path, 'cgroup.procs')),
  );
}

function groups(plan: LabPlan, side: Side): string[] {
  return hierarchies().map((path) => join(path, `twinspark-lab-${plan.instance}-${side}`));
}

function removeGroup(path: string): void {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(path, entry.name));
  }
  try {
    rmdirSync(path);
  } catch {
    // Its last process is still ending; an empty group does no harm and the next boot uses it again.
  }
}

/** Mounts the layers of a node: base and seed below, the node's own writes on top. */
export async function mountNode(plan: LabPlan, side: Side): Promise<void> {
  const { seed, upper, work, root } = nodePaths(plan, side);
  for (const folder of [upper, work, root]) mkdirSync(folder, { recursive: true });
  await must('mount', [
    '-t',
    'overlay',
    '-o',
    `lowerdir=${seed}:${plan.base},upperdir=${upper},workdir=${work}`,
    `tsl${plan.instance}n${side}`,
    root,
  ]);
}

export async function unmountNode(plan: LabPlan, side: Side): Promise<void> {
  const { root } = nodePaths(plan, side);
  if (!mounts().includes(root)) return;
  const result = await run('umount', [root]);
  if (result.code !== 0) await must('umount', ['--lazy', root]);
}

/** Mount points of this machine. */
export function mounts(): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .map((path) =>
      path.replace(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    );
}

/**
 * Boots a node from its mounted layers and attaches its interfaces before its services start.
 * Returns as soon as the ports are in; `settled` waits for the system.
 */
export async function powerOn(plan: LabPlan, side: Side, unplugged: readonly string[]): Promise<Machine> {
  const { root, console: log } = nodePaths(plan, side);
  const own = groups(plan, side);
  for (const path of own) mkdirSync(path, { recursive: true });
  const output = openSync(log, 'a', 0o600);
  const nspawn = [
    'systemd-nspawn --quiet --settings=no --private-network --register=no --keep-unit --console=pipe',
    '--resolv-conf=off --timezone=off --link-journal=no',
    `--machine=tsl${plan.instance}n${side} --hostname=${hostnames[side]} -D "$ROOT" --boot`,
  ].join(' ');
  const child = spawn(
    '/bin/sh',
    ['-c', `for group in ${own.join(' ')}; do echo $$ >"$group/cgroup.procs"; done; exec ${nspawn}`],
    {
      cwd: '/',
      detached: true,
      stdio: ['ignore', output, output],
      // Writable /sys and /proc/sys: without them `udevadm trigger`, and so `netplan apply`, fails inside.
      env: { PATH: process.env['PATH'], ROOT: root, SYSTEMD_NSPAWN_API_VFS_WRITABLE: '1' },
    },
  );
  closeSync(output);
  child.unref();
  const ended = new Promise<never>((_resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      const words = readFileSync(log, 'utf8').slice(-1000);
      reject(new LabError('boot-failed', `${hostnames[side]} ended with ${code ?? 'a signal'}: ${words}`));
    });
  });
  ended.catch(() => undefined);
  const pid = child.pid;
  if (pid === undefined) throw new LabError('boot-failed', 'systemd-nspawn did not start');
  const id = identify(pid);
  if (id === undefined) throw new LabError('boot-failed', 'systemd-nspawn ended at once');
  const init = await Promise.race([ended, until('init of the node', 10_000, () => findInit(pid), 4)]);
  await attach(plan, side, init.pid, unplugged);
  return { nspawn: id, init };
}

/** The child of nspawn that has become the node's init: it runs systemd in a process namespace of its own. */
function findInit(nspawn: number): ProcessId | undefined {
  let children: string;
  try {
    children = readFileSync(`/proc/${nspawn}/task/${nspawn}/children`, 'utf8');
  } catch {
    return undefined;
  }
  for (const word of children.trim().split(' ').filter(Boolean)) {
    try {
      const name = readFileSync(`/proc/${word}/comm`, 'utf8').trim();
      if (name === 'systemd' || name === 'init') return identify(Number(word));
    } catch {
      // Gone between the two looks.
    }
  }
  return undefined;
}

/** Runs a script as root inside a node, entering its namespaces by pid: works without network and without sshd. */
export function execInside(machine: Machine, script: string, options: ExecOptions = {}): Promise<RunResult> {
  if (!alive(machine.init)) throw new LabError('command-failed', 'the node has no power');
  return run(
    'nsenter',
    ['-t', String(machine.init.pid), '-m', '-u', '-i', '-n', '-p', '-C', '--', '/bin/sh', '-c', script],
    {
      input: options.input,
      timeoutMs: options.timeoutMs,
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/root',
        LC_ALL: 'C',
      },
    },
  );
}

/** A look into a node starts processes there: seldom enough to leave the node its processor. */
export const LOOK_INSIDE_MS = 100;

/** Exits 0 when NetworkManager (where it runs) has taken over every port and activates none. */
const portsIdle = `systemctl -q is-active NetworkManager || exit 0
states=$(nmcli -t -f DEVICE,STATE device) || exit 1
for port in /sys/class/net/en*np*; do
  name=$(basename "$port")
  state=$(printf '%s\\n' "$states" | sed -n "s/^$name://p")
  [ "$(cat "$port/carrier" 2>/dev/null)" = 1 ] || { [ "$state" = unavailable ] || exit 1; continue; }
  grep -qs "^interface-name=$name\$" /etc/NetworkManager/system-connections/* && want=connected || want=disconnected
  case "$state" in "$want" | connected) ;; *) exit 1 ;; esac
done`;

/** Waits until NetworkManager, where it runs, has finished what it does with the CX-7 ports. */
export async function networkSettled(machine: Machine, side: Side, limitMs: number): Promise<void> {
  // nm-online would wait five seconds more for the carrier of ports that have no cable.
  const idle = async () => (await execInside(machine, portsIdle)).code === 0;
  await until(`NetworkManager of ${hostnames[side]}`, limitMs, idle, LOOK_INSIDE_MS);
}

/** Whether something listens on port 22 of an address. */
function sshAnswers(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 22, timeout: 1000 });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}

/** Waits until the node has finished booting: systemd says so, and sshd answers on the management address. */
export async function settled(machine: Machine, side: Side, host: string, limitMs = 60_000): Promise<void> {
  let said = '';
  await until(`boot of ${hostnames[side]}`, limitMs, async () => {
    const result = await execInside(machine, 'systemctl is-system-running --wait', { timeoutMs: limitMs });
    said = result.stdout.trim();
    return said === 'running' || said === 'degraded';
  });
  if (said === 'degraded') {
    const failed = await execInside(machine, 'systemctl list-units --failed --plain --no-legend --no-pager');
    throw new LabError('boot-failed', `${hostnames[side]} has failed units:\n${failed.stdout}`);
  }
  await networkSettled(machine, side, limitMs);
  await until(`sshd of ${hostnames[side]}`, limitMs, () => sshAnswers(host));
}

/** Ends a node like a pulled plug: SIGKILL to everything in it, nothing gets to write or say goodbye. */
export async function powerCut(plan: LabPlan, side: Side, machine: Machine | undefined): Promise<void> {
  for (const path of groups(plan, side)) {
    // One write ends every process of the group at once, also a frozen one.
    const kill = join(path, 'cgroup.kill');
    if (existsSync(kill)) writeFileSync(kill, '1');
  }
  killHard(machine?.init);
  killHard(machine?.nspawn);
  await until(`end of ${hostnames[side]}`, 10_000, () => !alive(machine?.init) && !alive(machine?.nspawn), 4);
  for (const path of groups(plan, side)) removeGroup(path);
}

/** Stops or continues every process of a node at once, by the cgroup freezer. */
export async function setFrozen(plan: LabPlan, side: Side, frozen: boolean): Promise<void> {
  const group = groups(plan, side).find((path) => existsSync(join(path, 'cgroup.freeze')));
  if (group === undefined) throw new LabError('unavailable', 'the kernel has no cgroup freezer');
  writeFileSync(join(group, 'cgroup.freeze'), frozen ? '1' : '0');
  await until('the freezer', 5_000, () =>
    readFileSync(join(group, 'cgroup.events'), 'utf8').includes(`frozen ${frozen ? 1 : 0}`),
  );
}
