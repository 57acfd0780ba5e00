import type { PracticeNode } from '../../../src-main/practice/machine/node-model';
import { FileLocks } from '../../../src-main/practice/shell/file-locks';
import { Processes } from '../../../src-main/practice/shell/processes';
import { runShell } from '../../../src-main/practice/shell/run-shell';

/** What the machine makes by itself. */
const alive = ['/proc', '/sys', '/dev', '/usr/bin', '/usr/sbin'];
const questions = [
  'ip -j addr show',
  'ip -j -4 route show table all',
  'ip -j -6 route show',
  'systemctl is-active NetworkManager.service systemd-networkd.service systemd-networkd.socket',
  'nmcli -t -f DEVICE,STATE device',
  'networkctl list --no-legend --no-pager',
  'ufw status',
  'for f in /proc/sys/net/ipv6/conf/*/disable_ipv6 /proc/sys/net/ipv6/conf/*/addr_gen_mode /proc/sys/net/ipv6/conf/*/accept_ra; do echo "$f $(cat "$f")"; done',
];

/** A node's files (type, mode, owners, content) and what it says of itself, each under its own name. */
export async function snapshot(node: PracticeNode): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  await walk(node, '/', seen);
  const machine = { node, processes: new Processes(), locks: new FileLocks() };
  for (const script of questions) {
    const caller = { user: 'root', uid: 0, root: true };
    const { stdout, stderr, code } = await runShell(machine, { caller, script });
    seen[script] = `${stdout.toString()}${stderr.toString()}${code}`;
  }
  return seen;
}

async function walk({ fs }: PracticeNode, root: string, seen: Record<string, string>): Promise<void> {
  for (const name of await fs.readdir(root)) {
    const path = root === '/' ? `/${name}` : `${root}/${name}`;
    if (alive.includes(path)) continue;
    const { type, mode, uid, gid } = await fs.lstatOwned(path);
    const body =
      type === 'file' ? await fs.readFile(path) : type === 'symlink' ? await fs.readlink(path) : '';
    seen[path] = `${type} ${mode.toString(8)} ${uid}:${gid} ${body}`;
    if (type === 'directory') await walk({ fs } as PracticeNode, path, seen);
  }
}
