import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { systemTimers } from '../src-main/app/terminals/timers';
import { Terminals } from '../src-main/app/terminals/terminals';
import type { Session } from '../src-main/core/ports';
import { connector, folder, removeFolders } from '../tests/unit/adapters/ssh2/fixtures/laptop';
import { noSshd, startSshd } from '../tests/unit/adapters/ssh2/fixtures/sshd';
import { median, report } from './report';

/*
 * A flood through a terminal, from the shell on the node to where the window would take it (acknowledged at once),
 * against OpenSSH's client on a terminal of the same sshd, in the same run and by turns.
 */

const rounds = Number(process.env['ROUNDS'] ?? 5);
const megabytes = Number(process.env['MEGABYTES'] ?? 100);

/** A shell that prints the flood and ends. */
const line = 'twinspark printed this line in a hurry and nobody will ever read it';
const command = `yes '${line}' | head -c ${megabytes}000000; exit\r`;

/** Milliseconds from the first byte to the last, and how many bytes there were. */
interface Flood {
  ms: number;
  bytes: number;
}

async function throughTerminals(session: Session): Promise<Flood> {
  let bytes = 0;
  let began = 0;
  let onEnd: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (onEnd = resolve));
  const opener = {
    title: () => session.node,
    open: (size: { columns: number; rows: number }, signal: AbortSignal) =>
      session.openTerminal(size, { signal }),
  };
  const terminals = new Terminals({
    openers: { node1: opener, node2: opener, local: opener },
    timers: systemTimers,
    sink: (id, text) => {
      if (bytes === 0) began = performance.now();
      bytes += text.length;
      terminals.ack(id, text.length);
    },
    changed: (list) => {
      if (list[0]?.state === 'closed') onEnd();
    },
  });
  const { id } = terminals.open('node1', { columns: 200, rows: 50 });
  terminals.write(id, command);
  await ended;
  const ms = performance.now() - began;
  terminals.closeAll();
  return { ms, bytes };
}

async function throughOpenSsh(options: readonly string[]): Promise<Flood> {
  const child = spawn('ssh', ['-tt', ...options], { stdio: ['pipe', 'pipe', 'ignore'] });
  let bytes = 0;
  let began = 0;
  child.stdout.on('data', (chunk: Uint8Array) => {
    if (bytes === 0) began = performance.now();
    bytes += chunk.length;
  });
  child.stdin.write(command);
  await once(child, 'close');
  return { ms: performance.now() - began, bytes };
}

async function main(): Promise<void> {
  if (noSshd !== false) {
    console.log(noSshd);
    return;
  }
  const home = await folder();
  await writeFile(`${home}/.hushlogin`, '');
  const sshd = await startSshd([`SetEnv HOME=${home}`]);
  const { host, port, user } = sshd.address;
  const quiet = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
  const target = ['-p', String(port), '-i', sshd.keys.ed25519, `${user}@${host}`];
  const options = [...quiet.flatMap((option) => ['-o', option]), ...target];
  const session = await (await connector()).connect(sshd.address);
  const ours: number[] = [];
  const theirs: number[] = [];
  const speed = ({ ms, bytes }: Flood): number => {
    if (bytes < megabytes * 1_000_000) throw new Error(`only ${bytes} bytes arrived`);
    return bytes / 1000 / ms;
  };
  try {
    // By turns, so that the load of the machine hits both alike.
    for (let round = 0; round < rounds; round++) {
      ours.push(speed(await throughTerminals(session)));
      theirs.push(speed(await throughOpenSsh(options)));
    }
  } finally {
    await session.close();
    await sshd.stop();
    await removeFolders();
  }
  report('terminal', [
    [`ssh -tt, ${megabytes} MB, MB/s`, median(theirs)],
    ['terminal to the edge of the window, MB/s', median(ours)],
    ['terminal / ssh (aim ≥ 0.5)', median(ours) / median(theirs)],
  ]);
}

await main();
