import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { Lab } from './lab';
import { netdev } from './plan';
import type { Side } from './plan';
import { run, until } from './process';
import { labUnavailable } from './unavailable';

const why = labUnavailable();
if (why !== null) console.log(`skipped: ${why}`);

const portA = netdev(1, 'a');
const portB = netdev(1, 'b');

describe.skipIf(why !== null)('the faults of the lab', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.up({ users: ['alice', 'bob'], sudo: 'nopasswd', login: 'key' });
  });
  afterAll(async () => {
    await lab.down();
  });
  beforeEach(() => lab.reset());

  function login(side: Side, command: string) {
    const { host, user } = lab.node(side);
    const flags = ['BatchMode=yes', 'ConnectTimeout=3', `UserKnownHostsFile=${lab.knownHostsFile}`].flatMap(
      (option) => ['-o', option],
    );
    const identity = `${lab.plan.stateDir}/identity`;
    const args = ['-F', '/dev/null', '-i', identity, '-o', 'StrictHostKeyChecking=yes', ...flags];
    return run('ssh', [...args, `${user}@${host}`, command], { timeoutMs: 15_000 });
  }
  const carriers = async (side: Side) =>
    (await lab.sh(side, `cat /sys/class/net/${portA}/carrier /sys/class/net/${portB}/carrier`)).split(
      '\n',
      2,
    );

  it('knows its users by key and lets them be root without a password', async () => {
    expect((await login(1, 'id -un; sudo -n id -un')).stdout).toBe('alice\nroot\n');
    expect((await login(2, 'id -un; sudo -n id -un')).stdout).toBe('bob\nroot\n');
  });

  it('pulls one half of the cable on both nodes and leaves the other alone', async () => {
    await lab.fault.cableOut('b');
    for (const side of [1, 2] as const) expect(await carriers(side)).toEqual(['1', '0']);
    expect(await lab.sh(1, 'ibdev2netdev')).toContain(`${portB} (Down)`);
    await lab.fault.cableIn('b');
    for (const side of [1, 2] as const) expect(await carriers(side)).toEqual(['1', '1']);
    await lab.fault.cableOut('both', 1);
    expect(await carriers(2)).toEqual(['0', '0']);
    await lab.cutPower(2);
    await lab.start(2);
    expect(await carriers(2)).toEqual(['0', '0']);
    await lab.fault.cableIn();
    expect(await carriers(2)).toEqual(['1', '1']);
  });

  it('kills sshd with its sessions, and systemd starts it again', async () => {
    const session = login(1, 'echo in; sleep 30');
    await until('the session', 5_000, async () => (await lab.exec(1, 'pgrep -x sleep')).code === 0);
    await lab.fault.sshdKill(1);
    expect((await session).code).toBe(255);
    await until('sshd again', 10_000, async () => (await login(1, 'true')).code === 0);
    await lab.fault.sshdKill(1, { restart: false });
    expect((await login(1, 'true')).stderr).toContain('refused');
    await lab.fault.sshdStart(1);
    expect((await login(1, 'true')).code).toBe(0);
  });

  it('makes /etc read-only and writable again', async () => {
    await lab.fault.etcReadonly(1, true);
    expect((await login(1, 'sudo touch /etc/x')).stderr).toContain('Read-only file system');
    await lab.fault.etcReadonly(1, false);
    expect((await lab.diff(1)).text).toBe('no difference');
    expect((await login(1, 'sudo touch /etc/x')).code).toBe(0);
  });

  it('leaves no space under a folder, and keeps what was written when there is space again', async () => {
    await lab.fault.diskFull(1, '/home/alice', true);
    const full = await login(1, 'cat ~/.ssh/authorized_keys >/dev/null && head -c 100000 /dev/zero >~/big');
    expect(full.stderr).toContain('No space left on device');
    expect((await login(1, 'rm -f ~/big; sudo rm ~/.lab-fill; echo small >~/small')).code).toBe(0);
    await lab.fault.diskFull(1, '/home/alice', false);
    const diff = await lab.diff(1);
    expect(diff.files.map((file) => `${file.kind} ${file.path}`)).toEqual(['added /home/alice/small']);
    expect(diff.state).toEqual([]);
  });

  it('fills /etc/netplan and gives it back as it was', async () => {
    await lab.fault.diskFull(1, '/etc/netplan', true);
    const full = await lab.exec(1, 'cp /etc/hosts /etc/netplan/99-x.yaml; rm /etc/netplan/99-x.yaml');
    expect(full.stderr).toContain('No space left');
    await lab.fault.diskFull(1, '/etc/netplan', false);
    expect((await lab.diff(1)).text).toBe('no difference');
  });

  it('changes the host key so that OpenSSH stops hard', async () => {
    await lab.fault.hostKeyChange(1);
    const stopped = await login(1, 'true');
    expect(stopped.stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
    await lab.reset();
    expect((await login(1, 'true')).code).toBe(0);
  });

  it('freezes a node and lets it go on', async () => {
    await lab.fault.freeze(1);
    // The kernel takes the connection; sshd never says a word.
    const silent = ['1', 'bash', '-c', `exec 3<>/dev/tcp/${lab.node(1).host}/22; read -r <&3`];
    expect((await run('timeout', silent)).code).toBe(124);
    await lab.fault.unfreeze(1);
    expect((await login(1, 'true')).code).toBe(0);
    await lab.fault.freeze(1);
    await lab.reset();
    expect((await login(1, 'true')).code).toBe(0);
  });

  it("drops NVIDIA Sync's netplan file", async () => {
    await lab.fault.foreignNetplan(1, { apply: true });
    await until('its address', 15_000, async () =>
      (await lab.sh(1, 'ip -4 addr')).includes('192.168.0.10/24'),
    );
    const diff = await lab.diff(1);
    expect(diff.files.map((file) => file.path)).toContain('/etc/netplan/99-nvidia-sync-cluster.yaml');
  });
});

describe.skipIf(why !== null)('the cables of the lab', () => {
  it.each([
    ['port0', [true, false], [true, false]],
    ['both', [true, true], [true, true]],
    ['mixed', [true, false], [false, true]],
    ['none', [false, false], [false, false]],
  ] as const)('%s: carrier exactly where a cable is in', async (cables, one, two) => {
    const lab = await Lab.up({ cables });
    try {
      for (const [side, wanted] of [
        [1, one],
        [2, two],
      ] as const) {
        for (const port of [0, 1] as const) {
          for (const half of ['a', 'b'] as const) {
            const seen = await lab.sh(side, `cat /sys/class/net/${netdev(port, half)}/carrier`);
            expect(seen.trim(), `${side} ${netdev(port, half)}`).toBe(wanted[port] ? '1' : '0');
          }
        }
      }
    } finally {
      await lab.down();
    }
  });

  it('lets two labs run side by side', async () => {
    const [one, two] = await Promise.all([Lab.up(), Lab.up({ renderer: 'NetworkManager' })]);
    try {
      expect(one.plan.instance).not.toBe(two.plan.instance);
      for (const lab of [one, two]) {
        for (const side of [1, 2] as const) expect((await lab.diff(side)).text).toBe('no difference');
      }
      await one.reset();
      expect(two.powered(1) && two.powered(2)).toBe(true);
    } finally {
      await Promise.all([one.down(), two.down()]);
    }
  });
});
