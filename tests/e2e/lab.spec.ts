import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { accessFiles } from '../lab/access';
import { Lab } from '../lab/lab';
import { sides } from '../lab/plan';
import { until } from '../lab/process';
import { labUnavailable } from '../lab/unavailable';
import { expect, test } from './fixture';
import { isAt, whenJournal } from './journal';
import { answerUntil, typeNodes, type TypedNode } from './nodes-by-hand';
import { longMs } from './twinspark-window';

const reason = labUnavailable();
test.skip(reason !== null, `two real nodes: ${reason ?? ''}`);
test.setTimeout(240_000);

// In the second test the server of the window is killed.
test.use({ tolerated: /net::ERR_CONNECTION_REFUSED|status of 401/ });

let lab: Lab;
test.afterEach(() => lab.down());

/** What the owner of the nodes knows of them. */
async function nodesOf(names: 'by address' | 'by name'): Promise<TypedNode[]> {
  const { nodes } = parse(await readFile(lab.clusterFile, 'utf8')) as { nodes: TypedNode[] };
  return sides.map((side, index) => {
    const { name, host, user, password } = lab.node(side);
    return {
      host: names === 'by name' ? name : host,
      port: 22,
      user,
      password,
      hostKey: nodes[index]!.hostKey,
    };
  });
}

/** Both nodes are exactly as they were when they were fresh. */
async function expectFresh(): Promise<void> {
  for (const side of sides) {
    await lab.settled(side);
    await until(`everything that node ${side} runs for a login to end`, 20_000, async () => {
      const left = await lab.sh(side, "ps -eo cgroup=,args= | grep 'session-[^ ]*[.]scope' || :");
      return left.trim() === '';
    });
    expect((await lab.diff(side)).text, `node ${side}`).toBe('no difference');
  }
}

test('two real nodes out of ~/.ssh/config: joined, proven, used, and as before', async ({
  serve,
  twinspark,
  folder,
}) => {
  lab = await Lab.up({ login: 'key' });
  const { page } = twinspark;
  const nodes = await nodesOf('by name');
  const home = path.join(folder, 'owner');
  await mkdir(path.join(home, '.ssh'), { recursive: true, mode: 0o700 });
  const { identity } = accessFiles(lab.plan.stateDir);
  const config = sides.map((side) => {
    const { name, host, user } = lab.node(side);
    return `Host ${name}\n  HostName ${host}\n  User ${user}\n  IdentityFile ${identity}\n`;
  });
  await writeFile(path.join(home, '.ssh', 'config'), config.join('\n'), { mode: 0o600 });

  const served = await serve({ practice: false, env: { HOME: home } });
  await twinspark.enter(served.url);
  await twinspark.button('window.nodes.find').click();
  const found = page.getByRole('region', { name: twinspark.say('window.nodes.found') });
  for (const { host } of nodes)
    await found
      .getByRole('button')
      .filter({ hasText: twinspark.say('window.nodes.source.ssh-config') })
      .filter({ hasText: host })
      .click();
  await twinspark.button('window.nodes.connect-both').click();
  const connected = twinspark.heading('window.nodes.pair.connected.title');
  const asked = await answerUntil(twinspark, connected, nodes);
  expect(asked).toMatchObject({ hostKey: 2, login: 0 });
  await twinspark.openPlaybook();
  const later = await answerUntil(twinspark, twinspark.apply, nodes);
  expect(asked.sudo + later.sudo).toBe(2);
  const changes = await twinspark.planned();
  await twinspark.apply.click();
  await twinspark.expectVerified(changes);
  const login = 'runuser -u nvidia -- ssh -o BatchMode=yes spark-bd26 hostname';
  expect((await lab.sh(1, login)).trim()).toBe('spark-bd26');

  await twinspark.button('window.shell.terminals').click();
  const terminal = page.getByRole('textbox', {
    name: twinspark.say('window.terminal.label', { name: 'spark-bd26' }),
  });
  const rows = page.locator('.xterm-rows > div');
  await expect(rows.filter({ hasText: /^nvidia@spark-bd26:~\$/ })).toHaveCount(1, { timeout: longMs });
  await terminal.focus();
  // A leading space keeps it out of the history, which would be a difference of our own making.
  await page.keyboard.type(' hostname; exit\n');
  await expect(rows.filter({ hasText: /^spark-bd26\s*$/ })).toHaveCount(1, { timeout: longMs });
  await twinspark.button('window.terminal.close-drawer').click();

  await twinspark.rollBack(changes);
  expect(await served.stop()).toBe(0);
  await expectFresh();
});

test('killed on two real nodes in the middle of the addresses: rolled back after a restart', async ({
  serve,
  twinspark,
  folder,
}) => {
  lab = await Lab.up();
  const nodes = await nodesOf('by address');
  const dataDir = path.join(folder, 'data');
  const first = await serve({ practice: false, dataDir });
  await twinspark.enter(first.url);
  await typeNodes(twinspark, nodes);
  const connected = twinspark.heading('window.nodes.pair.connected.title');
  expect(await answerUntil(twinspark, connected, nodes)).toMatchObject({ hostKey: 2, login: 2 });
  await twinspark.openPlaybook();
  await answerUntil(twinspark, twinspark.apply, nodes);
  const killed = whenJournal(
    dataDir,
    (records) => isAt(records, 'network', 'trial'),
    () => first.signal('SIGKILL'),
  );
  await twinspark.apply.click();
  await killed;
  await first.crash();

  const second = await serve({ practice: false, dataDir });
  await twinspark.enter(second.url);
  await typeNodes(twinspark, nodes);
  expect(await answerUntil(twinspark, connected, nodes)).toMatchObject({ hostKey: 0, login: 2 });
  await twinspark.openPlaybook();
  const rollBack = twinspark.button('window.runs.unfinished.roll-back');
  await answerUntil(twinspark, rollBack, nodes);
  await rollBack.click();
  await twinspark.dialog.getByRole('button', { name: /^Take back \d+ changes?$/ }).click();
  const whole = twinspark.page.getByRole('heading', { name: /Both nodes are as before\.$/ });
  await answerUntil(twinspark, whole, nodes);
  expect(await second.stop()).toBe(0);
  await expectFresh();
});
