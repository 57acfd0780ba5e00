import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { Lab } from './lab';
import { netdev, nodePaths, other, sides } from './plan';
import type { Renderer, Side } from './plan';
import { must, run, until } from './process';
import { labUnavailable } from './unavailable';

const why = labUnavailable();
if (why !== null) console.log(`skipped: ${why}`);

const portA = netdev(1, 'a');
const portB = netdev(1, 'b');

/** Logs in with the password by OpenSSH, with the lab's own known_hosts and nothing of this machine's user. */
async function ssh(lab: Lab, side: Side, command: string) {
  const { host, user, password } = lab.node(side);
  const ask = join(lab.plan.stateDir, 'ask.sh');
  writeFileSync(ask, '#!/bin/sh\nprintf "%s\\n" "$LAB_PASSWORD"\n', { mode: 0o700 });
  const strict = ['-o', 'StrictHostKeyChecking=yes', '-o', `UserKnownHostsFile=${lab.knownHostsFile}`];
  return run('ssh', ['-F', '/dev/null', ...strict, '-o', 'ConnectTimeout=5', `${user}@${host}`, command], {
    env: {
      PATH: process.env['PATH'],
      LAB_PASSWORD: password,
      SSH_ASKPASS: ask,
      SSH_ASKPASS_REQUIRE: 'force',
    },
    timeoutMs: 20_000,
  });
}

/** A netplan file as the product writes it, without a larger MTU. */
function netplan(side: Side): string {
  const port = (name: string, net: number) =>
    `    ${name}:\n      optional: true\n      dhcp4: no\n      dhcp6: no\n      link-local: []\n      addresses: [192.168.${net}.${9 + side}/24]\n`;
  return `network:\n  version: 2\n  ethernets:\n${port(portA, 100)}${port(portB, 101)}`;
}

async function put(lab: Lab, side: Side, path: string, text: string) {
  await lab.sh(side, `umask 077; mkdir -p "$(dirname ${path})"; cat >${path}`, { input: text });
}

async function hasAddress(lab: Lab, side: Side, address: string): Promise<boolean> {
  return (await lab.sh(side, 'ip -4 -o addr')).includes(` ${address}/`);
}

async function carrier(lab: Lab, side: Side, name: string): Promise<string> {
  return (await lab.sh(side, `cat /sys/class/net/${name}/carrier`)).trim();
}

describe.skipIf(why !== null).each<Renderer>(['networkd', 'NetworkManager'])('a pair with %s', (renderer) => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.up({ renderer });
  });
  afterAll(async () => {
    await lab.down();
  });

  describe('fresh', () => {
    it('lets its user in by password, with the host key that cluster.yaml names', async () => {
      const cluster = parse(readFileSync(lab.clusterFile, 'utf8')) as {
        nodes: { name: string; host: string; hostKey: string; passwordEnv: string }[];
      };
      for (const side of sides) {
        const result = await ssh(lab, side, 'hostname; sudo -n true');
        expect(result.stdout).toBe(`${lab.node(side).name}\n`);
        const entry = cluster.nodes[side - 1]!;
        expect(entry.host).toBe(lab.node(side).host);
        expect(lab.env[entry.passwordEnv]).toBe(lab.node(side).password);
        const known = await lab.sh(side, 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
        expect(known).toContain(entry.hostKey);
      }
      expect(statSync(lab.envFile).mode & 0o777).toBe(0o600);
    });

    it('looks like a Spark with a cable in port 1', async () => {
      for (const side of sides) {
        expect((await lab.sh(side, 'ibdev2netdev')).trim().split('\n')).toEqual([
          'rocep1s0f0 port 1 ==> enp1s0f0np0 (Down)',
          'rocep1s0f1 port 1 ==> enp1s0f1np1 (Up)',
          'roceP2p1s0f0 port 1 ==> enP2p1s0f0np0 (Down)',
          'roceP2p1s0f1 port 1 ==> enP2p1s0f1np1 (Up)',
        ]);
        expect(await lab.sh(side, `ethtool ${portA}`)).toContain('Speed: 200000Mb/s');
        expect(await lab.sh(side, 'ethtool enp1s0f0np0')).not.toContain('200000');
        expect(await lab.sh(side, `ip -6 addr show dev ${portA}`)).toContain('fe80::');
        expect(await lab.sh(side, 'cat /etc/dgx-release')).toContain('DGX_OTA_VERSION="7.5.0"');
      }
    });

    it('shows no difference, also after a login', async () => {
      for (const side of sides) expect((await lab.diff(side)).text).toBe('no difference');
      await ssh(lab, 1, 'true');
      await until('the session to end', 5_000, async () => {
        return (await lab.exec(1, 'pgrep -u nvidia -x sshd')).code === 1;
      });
      expect((await lab.diff(1)).text).toBe('no difference');
    });

    it('is fresh again soon after a reset, whatever was done to it', async () => {
      await lab.sh(1, 'rm -rf /home/nvidia /etc/ssh; echo x >/etc/hosts; ip link set lo down');
      const started = Date.now();
      await lab.reset();
      const took = Date.now() - started;
      console.log(`${renderer}: reset of both nodes in ${took} ms`);
      for (const side of sides) expect((await lab.diff(side)).text).toBe('no difference');
      expect(took).toBeLessThan(15_000);
    });
  });

  describe('changed', () => {
    beforeEach(() => lab.reset());

    it('names exactly what was changed, and nothing once it is undone', async () => {
      await lab.sh(1, 'mkdir /run/kept; cp -a /etc/*- /run/kept');
      await lab.sh(1, `cp -a /etc/hosts /run/hosts; echo '10.9.9.9 other' >>/etc/hosts; echo hi >/etc/new`);
      await lab.sh(1, `chmod 0640 /etc/hostname; rm /etc/avahi/services/ssh.service`);
      await lab.sh(1, `ip addr add 192.168.100.10/24 dev ${portA}; ip link set ${portB} mtu 9000`);
      await lab.sh(1, 'useradd -M -N carl; systemd-run -q --unit=twinspark-guard --on-active=600 true');
      const diff = await lab.diff(1);
      const files = Object.fromEntries(diff.files.map((file) => [file.path, file]));
      expect(files['/etc/hosts']).toMatchObject({ kind: 'changed' });
      expect(files['/etc/hosts']?.patch).toContain('+10.9.9.9 other');
      expect(files['/etc/new']).toMatchObject({ kind: 'added', after: { mode: '0644', uid: 0 } });
      expect(files['/etc/hostname']).toMatchObject({ before: { mode: '0644' }, after: { mode: '0640' } });
      expect(files['/etc/avahi/services/ssh.service']).toMatchObject({ kind: 'removed', after: null });
      // The account tools keep a copy of each file they write, named with a dash.
      const counted = Object.keys(files).filter((path) => !/^\/run\/(systemd\/transient|kept)|-$/.test(path));
      expect(counted).toEqual([
        '/etc/avahi/services/ssh.service',
        '/etc/hostname',
        '/etc/hosts',
        '/etc/new',
        '/etc/passwd',
        '/etc/shadow',
        '/etc/subgid',
        '/etc/subuid',
      ]);
      const state = Object.fromEntries(diff.state.map((change) => [change.section, change]));
      expect(state['addresses']?.added).toEqual([`${portA} inet 192.168.100.10/24 scope global ${portA}`]);
      expect(state['links']?.added.join()).toContain('mtu 9000');
      expect(state['users']?.added.join()).toContain('carl');
      expect(state['timers']?.added).toEqual(['twinspark-guard.timer starts twinspark-guard.service']);
      expect(state['run']?.added).toEqual(['/run/hosts', '/run/kept']);
      expect((await lab.diff(2)).text).toBe('no difference');

      await lab.sh(
        1,
        'cat /run/hosts >/etc/hosts; rm /run/hosts /etc/new; chmod 0644 /etc/hostname; userdel carl; rm /etc/*-; mv /run/kept/* /etc; rmdir /run/kept',
      );
      await lab.sh(1, `ip addr del 192.168.100.10/24 dev ${portA}; ip link set ${portB} mtu 1500`);
      await lab.sh(1, 'systemctl stop twinspark-guard.timer; rmdir /run/systemd/transient 2>/dev/null; true');
      await put(
        lab,
        1,
        '/etc/avahi/services/ssh.service',
        files['/etc/avahi/services/ssh.service']!.before!.text!,
      );
      await lab.sh(1, 'chmod 0644 /etc/avahi/services/ssh.service');
      expect((await lab.diff(1)).text).toBe('no difference');
    });

    it('reaches the other node over each half with hand-given addresses', async () => {
      for (const side of sides) {
        await lab.sh(side, `ip addr add 192.168.100.${9 + side}/24 dev ${portA}`);
        await lab.sh(side, `ip addr add 192.168.101.${9 + side}/24 dev ${portB}`);
      }
      for (const side of sides) {
        for (const [net, port] of [
          [100, portA],
          [101, portB],
        ] as const) {
          await lab.sh(side, `ping -c1 -W2 -I ${port} 192.168.${net}.${9 + other(side)}`);
        }
      }
    });

    it('moves addresses with netplan apply, and takes them away again', async () => {
      for (const side of sides) {
        await put(lab, side, '/etc/netplan/40-cx7.yaml', netplan(side));
        await lab.sh(side, 'netplan apply');
        await until('the address', 20_000, () => hasAddress(lab, side, `192.168.100.${9 + side}`));
      }
      await until('the other node', 10_000, async () => {
        return (await lab.exec(1, 'ping -c1 -W1 192.168.100.11 && ping -c1 -W1 192.168.101.11')).code === 0;
      });
      await lab.sh(1, 'rm /etc/netplan/40-cx7.yaml; netplan apply');
      await until('its end', 20_000, async () => !(await hasAddress(lab, 1, '192.168.100.10')));
      await until('its end', 20_000, async () => !(await hasAddress(lab, 1, '192.168.101.10')));
      await lab.settled(1);
      const left = await lab.diff(1);
      console.log(`${renderer}: what a removed netplan file leaves behind:\n${left.text}`);
      expect(left.files.filter((file) => file.path.startsWith('/etc/'))).toEqual([]);
      expect(left.state.flatMap((change) => change.added).join()).not.toContain('192.168.');
    });

    it('tries a netplan file in /run over the one in /etc, and forgets it in a power cut', async () => {
      await put(lab, 1, '/etc/netplan/40-cx7.yaml', netplan(1));
      await lab.sh(1, 'netplan apply');
      await until('the address of /etc', 20_000, () => hasAddress(lab, 1, '192.168.100.10'));
      await put(lab, 1, '/run/netplan/40-cx7.yaml', netplan(1).replaceAll('192.168.', '192.169.'));
      await lab.sh(1, 'netplan apply');
      await until('the address of /run', 20_000, () => hasAddress(lab, 1, '192.169.100.10'));
      await lab.cutPower(1);
      expect(lab.powered(1)).toBe(false);
      await lab.start(1);
      await until('the address of /etc', 20_000, () => hasAddress(lab, 1, '192.168.100.10'));
      expect(await hasAddress(lab, 1, '192.169.100.10')).toBe(false);
    });

    it('keeps its disk and its cable through a power cut', async () => {
      await lab.sh(1, 'echo kept >/root/kept; sync; echo gone >/run/gone');
      const boot = await lab.sh(1, 'cut -d" " -f22 /proc/1/stat');
      await lab.cutPower(1);
      expect((await ssh(lab, 1, 'true')).code).toBe(255);
      await lab.start(1);
      expect(await lab.sh(1, 'cat /root/kept; ls /run/gone 2>/dev/null || echo forgotten')).toBe(
        'kept\nforgotten\n',
      );
      expect(await lab.sh(1, 'cut -d" " -f22 /proc/1/stat')).not.toBe(boot);
      expect(await carrier(lab, 1, portA)).toBe('1');
      expect(await lab.sh(1, `ip -6 addr show dev ${portA}`)).toContain('fe80::');
      expect((await ssh(lab, 1, 'hostname')).stdout).toBe('spark-5c2d\n');
      await lab.sh(1, 'rm /root/kept');
      expect((await lab.diff(1)).text).toBe('no difference');
    });
  });
});

it.skipIf(why !== null)('ends everything it made, also when its process is killed', async () => {
  const script = `import { Lab } from ${JSON.stringify(join(import.meta.dirname, 'lab.ts'))};
const lab = await Lab.up();
console.log(lab.plan.instance + ' ' + lab.plan.stateDir);
process.kill(process.pid, process.argv[2]);
setInterval(() => undefined, 1000);`;
  const file = join('/var/tmp', `twinspark-lab-exit-${process.pid}.mts`);
  writeFileSync(file, script);
  const root = join(import.meta.dirname, '../..');
  try {
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      const tsx = join(root, 'node_modules/.bin/tsx');
      const child = spawnSync(tsx, [file, signal], { cwd: root, encoding: 'utf8', timeout: 120_000 });
      const [instance = '', stateDir = ''] = child.stdout.trim().split(' ');
      expect(Number(instance), child.stderr).toBeGreaterThan(0);
      // Nothing can run after SIGKILL: the next lab, or a sweep, ends what it left.
      if (signal === 'SIGKILL') {
        await Lab.sweep();
        await until('the end of the leftover', 20_000, () => !existsSync(stateDir));
      }
      expect(await must('ip', ['-o', 'link'])).not.toContain(`tsl${instance}`);
      expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(stateDir);
      expect((await run('pgrep', ['-f', nodePaths({ stateDir }, 1).root])).code).toBe(1);
    }
  } finally {
    await must('rm', ['-f', file]);
  }
});
