import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from '@playwright/test';
import { FileRunStore } from '../src-main/adapters/storage/file-run-store';
import { App } from '../src-main/app/app';
import { Engine } from '../src-main/core/engine/engine';
import { KnownSecrets } from '../src-main/core/engine/secrets';
import { unreachableFacts } from '../src-main/core/probe/unreachable';
import { startWebServer } from '../src-main/hosts/web/server';
import { connector, folder, realClock, removeFolders } from '../tests/unit/adapters/ssh2/fixtures/laptop';
import { noSshd, startSshd, type Sshd } from '../tests/unit/adapters/ssh2/fixtures/sshd';
import { MemoryBenchStore } from '../tests/unit/app/memory-bench-store';
import { partsOf } from '../tests/unit/app/parts';
import { LocalPair, playbookOf } from '../tests/unit/core/engine/local-pair';
import { launchBrowser, watchTasks } from './browser';
import { median, report } from './report';

/*
 * A flood through the whole chain: shell on the node, sshd, ssh2, flow control, WebSocket, xterm.js in a browser that
 * acknowledges what its parser has taken; against OpenSSH's client on a terminal of the same sshd, by turns in the same run.
 */

const rounds = Number(process.env['ROUNDS'] ?? 3);
const megabytes = Number(process.env['MEGABYTES'] ?? 50);
const line = 'twinspark printed this line in a hurry and nobody will ever read it';
const command = `yes '${line}' | head -c ${megabytes}000000; exit`;

/** An app whose practice pair is this sshd, twice. */
async function appOn(sshd: Sshd, data: string): Promise<App> {
  const pair = await LocalPair.make();
  const dial = await connector();
  const nothing = unreachableFacts('NODE_UNREACHABLE');
  return App.start({
    ...partsOf(pair, playbookOf([])),
    practice: ({ listener }) => ({
      start: () =>
        Promise.resolve({
          nodes: [sshd.address, { ...sshd.address, name: 'spark-b' }],
          loginPassword: '',
          faults: [],
          setFault: () => undefined,
          close: () => pair.clean(),
        }),
      engine: () =>
        Promise.resolve(
          new Engine(
            {
              connector: dial,
              runs: new FileRunStore(data),
              secrets: new KnownSecrets({ get: () => Promise.resolve(undefined) }),
              clock: realClock,
              laptop: { networks: () => [] },
              playbooks: new Map(),
              kinds: new Map(),
              probe: () => Promise.resolve([nothing, nothing] as const),
              factsHash: () => '',
              version: '0.0.0',
            },
            listener,
          ),
        ),
      benchmarks: () => new MemoryBenchStore(),
    }),
  });
}

/** MB/s from the first piece to the end of the shell, and the window's tasks above 50 ms. */
async function throughWindow(app: App, browser: Browser, url: string) {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Terminals' }).click();
  const input = page.getByRole('textbox', { name: 'spark-a' }).first();
  await input.focus();
  let characters = 0;
  let began = 0;
  const ended = new Promise<void>((resolve) => {
    app.subscribe((push) => {
      if (push.type === 'terminal') {
        // What was typed comes back first.
        if (characters === 0 && push.text.includes(`${line}\r\n`)) began = performance.now();
        if (began > 0) characters += push.text.length;
      }
      if (push.type !== 'slice' || push.slice !== 'terminals') return;
      const terminals = push.value as { target: string; state: string }[];
      if (terminals.some(({ target, state }) => target === 'node1' && state === 'closed')) resolve();
    });
  });
  const tasks = await watchTasks(page);
  await page.keyboard.type(`${command}\n`);
  await ended;
  const speed = characters / 1000 / (performance.now() - began);
  const long = await tasks();
  await page.close();
  return { speed, longest: Math.max(0, ...long), count: long.length };
}

async function throughOpenSsh(sshd: Sshd): Promise<number> {
  const { host, port, user } = sshd.address;
  const quiet = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
  const target = ['-p', String(port), '-i', sshd.keys.ed25519, `${user}@${host}`];
  const args = ['-tt', ...quiet.flatMap((option) => ['-o', option]), ...target];
  const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'ignore'] });
  let bytes = 0;
  let began = 0;
  child.stdout.on('data', (chunk: Uint8Array) => {
    if (bytes === 0) began = performance.now();
    bytes += chunk.length;
  });
  child.stdin.write(`${command}\r`);
  await once(child, 'close');
  return bytes / 1000 / (performance.now() - began);
}

async function main(): Promise<void> {
  if (noSshd !== false) {
    console.log(noSshd);
    return;
  }
  const home = await folder();
  await writeFile(`${home}/.hushlogin`, '');
  const data = await mkdtemp(path.join(tmpdir(), 'twinspark-bench-'));
  const sshd = await startSshd([`SetEnv HOME=${home}`]);
  const browser = await launchBrowser();
  const ours: { speed: number; longest: number; count: number }[] = [];
  const theirs: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const app = await appOn(sshd, data);
      const files = path.resolve(import.meta.dirname, '../dist/renderer');
      const server = await startWebServer({ app, files });
      await app.ask('practice.start', {});
      ours.push(await throughWindow(app, browser, server.url));
      await server.close();
      await app.close();
      theirs.push(await throughOpenSsh(sshd));
    }
  } finally {
    await browser.close();
    await sshd.stop();
    await removeFolders();
    await rm(data, { recursive: true, force: true });
  }
  const speed = median(ours.map((one) => one.speed));
  report('terminal through the whole chain', [
    [`ssh -tt, ${megabytes} MB, MB/s`, median(theirs)],
    ['terminal in the window, MB/s', speed],
    ['window / ssh (aim ≥ 0.5)', speed / median(theirs)],
    ['longest task of the window, ms (aim < 50)', median(ours.map((one) => one.longest))],
    ['tasks above 50 ms', median(ours.map((one) => one.count))],
  ]);
}

await main();
