import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Client } from 'ssh2';
import { parse } from 'yaml';
import { quote } from '../../src-main/core/shell/quote';
import { dist } from './server';

export interface PracticeNode {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `SHA256:…`, as the window has to show it. */
  readonly hostKey: string;
}

/** A practice pair in a process of its own: it outlives whoever works on it. */
export interface PracticePair {
  readonly nodes: readonly [PracticeNode, PracticeNode];
  readonly password: string;
  stop(): Promise<void>;
}

/** `twinspark practice`, as a person starts it. @param folder for what it writes */
export async function startPracticePair(folder: string): Promise<PracticePair> {
  const args = ['practice', '--json', '--data-dir', path.join(folder, 'pair')];
  const child = spawn(process.execPath, [path.join(dist, 'cli', 'twinspark.js'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, LANG: 'en_US.UTF-8' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>,
    exited.then(() => undefined),
  ]);
  const said = JSON.parse(line?.[0] ?? '{}') as { cluster?: string; env?: Record<string, string> };
  const [password] = Object.values(said.env ?? {});
  if (said.cluster === undefined || password === undefined)
    throw new Error(`no practice pair: ${line?.[0] ?? ''}`);
  const { nodes } = parse(await readFile(said.cluster, 'utf8')) as { nodes: PracticePair['nodes'] };
  return {
    nodes,
    password,
    async stop() {
      child.kill('SIGINT');
      await exited;
    },
  };
}

/** Runs a script as root over a connection of the test's own, past everything that is tested. @throws Error unless it exits 0 */
export async function onNode(pair: PracticePair, side: 0 | 1, script: string): Promise<string> {
  const { host, port, user } = pair.nodes[side];
  const client = new Client();
  const ready = once(client, 'ready');
  client.connect({ host, port, username: user, password: pair.password });
  await ready;
  // A connection that breaks ends its channel without a status, which is told below.
  client.on('error', () => undefined);
  try {
    return await new Promise<string>((resolve, reject) => {
      const asked = `printf '%s\\n' ${quote(pair.password)} | sudo -S -p '' sh -c ${quote(script)}`;
      client.exec(asked, (error, channel) => {
        if (error) {
          reject(error);
          return;
        }
        let [output, errors] = ['', ''];
        channel.on('data', (data: Uint8Array) => (output += String(data)));
        channel.stderr.on('data', (data: Uint8Array) => (errors += String(data)));
        channel.on('close', (code: number | null) => {
          if (code === 0) resolve(output);
          else reject(new Error(`${script}: exit ${code ?? 'by signal'}: ${errors}`));
        });
      });
    });
  } finally {
    client.end();
  }
}

/** All that the playbook changes on a node: netplan files, the account's SSH files, names, addresses. */
export async function tracesOn(pair: PracticePair, side: 0 | 1): Promise<string> {
  const { user } = pair.nodes[side];
  const folders = `/etc/netplan /run/netplan /home/${user}/.ssh /etc/hosts /etc/sudoers.d`;
  return onNode(
    pair,
    side,
    `for d in ${folders}; do [ -e $d ] || echo "no $d"; done
     find ${folders} 2>/dev/null | sort | while read -r f; do stat -c '%n %F %a %U:%G' "$f"; [ -f "$f" ] && sha256sum "$f"; done
     ip -o -4 addr show`,
  );
}
