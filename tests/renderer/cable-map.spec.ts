import type { Slices } from '../../src-main/contract/slices';
import * as bench from './fixtures/bench-states';
import { known, ports, sparkFacts } from './fixtures/facts';
import { nodeCard } from './fixtures/nodes';
import { axe, shot } from './looks';
import { openView } from './playbook-steps';
import { expect, test, type Stage } from './stage';
import type { Page } from '@playwright/test';

async function open(page: Page, stage: Stage, slices: Partial<Slices>): Promise<void> {
  await stage.open(slices);
  await openView(page, 'benchmarks');
  await page.getByRole('tab', { name: 'Cable' }).click();
  await expect(page.getByRole('heading', { name: 'The cable between the two nodes' })).toBeVisible();
}

test('draws both machines, the cable and its halves, and tells the same in a table', async ({
  page,
  stage,
}) => {
  await open(page, stage, bench.joined);
  const machine = page.getByRole('region', { name: 'spark-5c2d' });
  await expect(machine).toContainText('RJ45');
  await expect(machine.getByRole('heading')).toHaveText(['Fast port 0, beside the RJ45', 'Fast port 1']);
  await expect(machine).toContainText('enP2p1s0f1np1 · roceP2p1s0f1');
  await expect(machine).toContainText('192.168.101.10/24 · MTU 1500 · 200 Gb/s');
  const table = page.getByRole('table', { name: 'Links' });
  await expect(table).toContainText('Cable from port 1 to port 1');
  await expect(table.getByRole('row', { name: /^Half A/ })).toContainText('up');
  await expect(page.getByText('nothing stands in the way of 200 Gb/s')).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'cable-healthy');
});

test('bytes move where the counters say so', async ({ page, stage }) => {
  await open(page, stage, bench.joined);
  stage.push('bench', {
    ...bench.nothing,
    running: bench.running(9, { samples: bench.oneSided.slice(0, 9) }),
  });
  const table = page.getByRole('table', { name: 'Links' });
  await expect(table.getByRole('row', { name: /^Half A/ })).toContainText(/→ 94\.\d Gb\/s ← 0\.4 Gb\/s/);
  await expect(table.getByRole('row', { name: /^Half B/ })).toContainText('–');
  await expect(page.locator('.pulse.forward')).toHaveCount(1);
  await shot(page, stage, 'cable-moving');
  stage.push('bench', bench.nothing);
  await expect(page.locator('path.pulse')).toHaveCount(0);
});

test('names a half that is up at one end only, with its remedy', async ({ page, stage }) => {
  await open(page, stage, bench.halfDead);
  await expect(
    page.getByRole('table', { name: 'Links' }).getByRole('row', { name: /^Half B/ }),
  ).toContainText('signal at one end only');
  const advice = page.getByRole('region', { name: 'What stands in the way' });
  await expect(advice).toContainText('Half B of the cable is not up at both ends');
  await expect(advice).toContainText('unplug both from the wall for a minute');
  await axe(page, stage);
  await shot(page, stage, 'cable-half-dead');
});

test('without addresses it leads to Connect two Sparks', async ({ page, stage }) => {
  await open(page, stage, bench.bare);
  await expect(page.getByText('The only ports with a signal')).toBeVisible();
  await shot(page, stage, 'cable-bare');
  await page.getByRole('button', { name: 'Open Connect two Sparks' }).click();
  await stage.asked('playbook.open', { playbook: 'connect-two-sparks' });
});

test('mixed ports are drawn as they are plugged', async ({ page, stage }) => {
  const swapped = known(
    ports({ a: true, b: true }).map((port) => ({
      ...port,
      up: !port.up,
      speedMbps: port.up ? null : 200_000,
    })),
    'ibdev2netdev',
  );
  await open(page, stage, {
    ...bench.bare,
    facts: { ...bench.bare.facts, node2: sparkFacts('spark-bd26', { ports: swapped }) },
  });
  await expect(page.getByRole('table', { name: 'Links' })).toContainText('Cable from port 1 to port 0');
  await expect(
    page.getByText('The cable is in port 1 of spark-5c2d and port 0 of spark-bd26.'),
  ).toBeVisible();
  await shot(page, stage, 'cable-mixed');
});

test('says what to do when no cable is in', async ({ page, stage }) => {
  const none = known(ports({ a: false, b: false }), 'ibdev2netdev');
  await open(page, stage, {
    ...bench.bare,
    facts: {
      ...bench.bare.facts,
      node1: sparkFacts('spark-5c2d', { ports: none }),
      node2: sparkFacts('spark-bd26', { ports: none }),
    },
  });
  await expect(page.getByText('No fast port has a signal.')).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
  await axe(page, stage);
  await shot(page, stage, 'cable-none');
});

test('draws nothing that nobody has read, and reads on demand', async ({ page, stage }) => {
  await open(page, stage, {
    ...bench.joined,
    facts: { node1: null, node2: null, readAt: null, reading: false },
  });
  await expect(page.getByText('The ports of spark-5c2d have not been read yet.')).toBeVisible();
  await shot(page, stage, 'cable-unread');
  await page.getByRole('button', { name: 'Read again' }).click();
  await stage.asked('facts.read', {});
});

test('two cables that nothing tells apart end in the open', async ({ page, stage }) => {
  const all = known(
    ports({ a: true, b: true }).map((port) => ({ ...port, up: true, speedMbps: 200_000 })),
    'ibdev2netdev',
  );
  await open(page, stage, {
    ...bench.bare,
    facts: {
      ...bench.bare.facts,
      node1: sparkFacts('spark-5c2d', { ports: all }),
      node2: sparkFacts('spark-bd26', { ports: all }),
    },
  });
  await expect(page.getByText('nothing tells which of them belong together')).toBeVisible();
  await expect(page.getByRole('table')).toContainText('Port 0 of spark-bd26: where it leads is not known');
  await shot(page, stage, 'cable-unclear');
});

test('shows what nodes call themselves as text only', async ({ page, stage }) => {
  const name = '<img src=x onerror=alert(1)>\u202e';
  const strange = ports({ a: true, b: true }).map((port) => ({ ...port, rdma: '<b>roce</b>' }));
  await open(page, stage, {
    ...bench.joined,
    pair: { practice: false, nodes: [nodeCard('node1', { name }), nodeCard('node2')] },
    facts: { ...bench.joined.facts, node1: bench.joinedFacts('x', 10, { ports: known(strange, 'x') }) },
  });
  await expect(page.getByRole('table').getByText('<img src=x onerror=alert(1)>')).toBeVisible();
  await expect(page.locator('main img, main b')).toHaveCount(0);
  await expect(page.locator('main')).not.toContainText('\u202e');
});
