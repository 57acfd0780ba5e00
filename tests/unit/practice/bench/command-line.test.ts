import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { compose } from '../../../../src-main/hosts/compose';
import { run } from '../../../../src-main/hosts/cli/run';
import { benchPair } from './bench-pair';

/** An upper bound against a hang. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const pair = benchPair();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twinspark-cli-bench-'));
  const nodes = pair().pair.nodes.map(
    ({ name, host, port, user, hostKey }) =>
      `  - { name: ${name}, host: ${host}, port: ${port}, user: ${user}, passwordEnv: PASSWORD, hostKey: "${hostKey ?? ''}" }`,
  );
  await writeFile(path.join(folder, 'cluster.yaml'), ['nodes:', ...nodes, ''].join('\n'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A command line of its own over the practice pair; `interrupt` is Ctrl-C. */
function twinspark(...argv: string[]) {
  const said = { out: '', err: '' };
  const handlers: (() => void)[] = [];
  let heard = () => undefined as unknown;
  const exit = run([...argv, '--data-dir', folder], {
    io: {
      stdout: { write: (text) => (said.out += text) },
      stderr: {
        write: (text) => {
          said.err += text;
          heard();
        },
      },
      env: { LANG: 'C', PASSWORD: pair().pair.loginPassword },
      cwd: folder,
      home: folder,
      localUser: 'me',
      interactive: false,
      asker: () => Promise.reject(new Error('nobody is there')),
    },
    version: '0.0.0',
    compose: (options) => Promise.resolve(compose(options, '0.0.0')),
    playbooks: () => Promise.resolve([]),
    process: {
      on: (_name: string, handler: () => void) => handlers.push(handler),
      off: () => undefined,
    } as unknown as NodeJS.Process,
    leave: () => undefined,
  });
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      heard = () => {
        if (said.err.includes(text)) resolve();
      };
      heard();
    });
  return { exit, said, until, interrupt: () => handlers[0]?.() };
}

test('measures over real SSH, judges, keeps, and shows it again', async () => {
  const measured = twinspark('bench', 'ib_write_bw', '-c', 'cluster.yaml');
  expect(await measured.exit).toBe(0);
  expect(measured.said.err).toContain('Measuring with ib_write_bw over both halves');
  expect(measured.said.out).toMatch(/^Healthy {2}19\d/m);
  const [, id = ''] = /^Kept as (\S+)$/m.exec(measured.said.out) ?? [];
  const listed = twinspark('bench', 'list');
  expect(await listed.exit).toBe(0);
  expect(listed.said.out).toMatch(
    new RegExp(`^${id} .*ib_write_bw both halves +19\\d.* Gb/s +Healthy$`, 'm'),
  );
  const shown = twinspark('bench', 'show', id, '--json');
  expect(await shown.exit).toBe(0);
  expect(JSON.parse(shown.said.out)).toMatchObject({ type: 'result', record: { id, outcome: 'done' } });
});

test('a bad link ends in 1 with its cause', async () => {
  pair().fault('slow-link');
  const { exit, said } = twinspark('bench', 'ib_write_bw', '-c', 'cluster.yaml');
  expect(await exit).toBe(1);
  expect(said.out).toContain('The link is stuck at about 13 Gb/s');
  pair().fault(null);
});

test('Ctrl-C ends the measurement on both nodes: 130, and kept as cancelled', async () => {
  const driven = twinspark('bench', 'iperf3', '--seconds', '600', '-c', 'cluster.yaml');
  await driven.until('half A');
  expect(await pair().running()).toContain('iperf3');
  driven.interrupt();
  expect(await driven.exit).toBe(130);
  expect(await pair().running()).toEqual([]);
  const listed = twinspark('bench', 'list');
  await listed.exit;
  expect(listed.said.out).toMatch(/iperf3 both halves .*cancelled$/m);
});
