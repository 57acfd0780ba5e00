import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connector, folder, removeFolders } from '../tests/unit/adapters/ssh2/fixtures/laptop';
import { noSshd, startSshd } from '../tests/unit/adapters/ssh2/fixtures/sshd';

/*
 * Commands and bulk reads of the SSH adapter against OpenSSH's client with a master connection, in the same run against
 * the same sshd on this machine. Ratios below 1 (time) and above 1 (speed) are in our favour.
 */

const rounds = Number(process.env['ROUNDS'] ?? 100);
const megabytes = 200;

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function main(): Promise<void> {
  if (noSshd !== false) {
    console.log(noSshd);
    return;
  }
  const home = await folder();
  // An empty home folder: what start-up files cost is not what is measured.
  const sshd = await startSshd([`SetEnv HOME=${home}`]);
  const { host, port, user } = sshd.address;
  const master = ['-S', `${sshd.folder}/master`, '-p', String(port), '-i', sshd.keys.ed25519];
  const quiet = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
  const options = [...master, ...quiet.flatMap((option) => ['-o', option]), `${user}@${host}`];
  execFileSync('ssh', ['-M', '-N', '-f', ...options], { stdio: 'ignore' });
  const session = await (await connector()).connect(sshd.address);
  const ours = { exec: [] as number[], burst: [] as number[], root: [] as number[], read: [] as number[] };
  const theirs = { exec: [] as number[], read: [] as number[] };
  try {
    for (const root of [false, true]) await session.exec({ script: 'true', root });
    // Alternating, so that the load of the machine hits both alike.
    for (let round = 0; round < rounds; round++) {
      ours.exec.push(await timed(() => session.exec({ script: 'true', root: false })));
      theirs.exec.push(await timed(() => execFileSync('ssh', [...options, 'true'])));
      ours.root.push(await timed(() => session.exec({ script: 'true', root: true })));
    }
    for (let round = 0; round < rounds; round++) {
      ours.burst.push(await timed(() => session.exec({ script: 'true', root: false })));
    }
    const command = `head -c ${megabytes}000000 /dev/zero`;
    for (let round = 0; round < 5; round++) {
      ours.read.push(
        await timed(() => session.exec({ script: command, root: false }, { onStdout: () => undefined })),
      );
      theirs.read.push(
        await timed(async () => {
          const child = spawn('ssh', [...options, command], { stdio: ['ignore', 'pipe', 'inherit'] });
          child.stdout.resume();
          await once(child, 'close');
        }),
      );
    }
  } finally {
    await session.close();
    execFileSync('ssh', ['-O', 'exit', ...options], { stdio: 'ignore' });
    await sshd.stop();
    await removeFolders();
  }
  const exec = { ours: median(ours.exec), theirs: median(theirs.exec), root: median(ours.root) };
  const speed = (times: number[]) => megabytes / (median(times) / 1000);
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  console.log(
    `exec p50: ${exec.ours.toFixed(2)} ms, OpenSSH with ControlMaster ${exec.theirs.toFixed(2)} ms`,
  );
  console.log(
    `  ratio ${ratio(exec.ours, exec.theirs)} (one after the other ${median(ours.burst).toFixed(2)} ms, root ${exec.root.toFixed(2)} ms)`,
  );
  console.log(`read: ${speed(ours.read).toFixed(0)} MB/s, OpenSSH ${speed(theirs.read).toFixed(0)} MB/s`);
  console.log(`  ratio ${ratio(speed(ours.read), speed(theirs.read))}`);
}

await main();
