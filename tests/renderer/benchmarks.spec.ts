import type { Slices } from '../../src-main/contract/slices';
import { records, writeBoth } from './fixtures/bench-records';
import * as bench from './fixtures/bench-states';
import { known } from './fixtures/facts';
import { connected, failed } from './fixtures/nodes';
import { axe, shot } from './looks';
import { openView } from './playbook-steps';
import { expect, test, type Stage } from './stage';
import type { Page } from '@playwright/test';

/** Opens the benchmarks with these slices. */
async function open(page: Page, stage: Stage, slices: Partial<Slices> = {}): Promise<void> {
  stage.answer('bench.show', ({ id }) => ({ ...(records.find((one) => one.id === id) ?? writeBoth), id }));
  await stage.open({ ...bench.joined, ...slices });
  await openView(page, 'benchmarks');
  await expect(page.getByRole('tablist', { name: 'What to see' })).toBeVisible();
}

async function openTab(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('tab', { name }).click();
  await expect(page.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true');
}

test('tells what the proof is made of before it begins', async ({ page, stage }) => {
  await open(page, stage);
  await expect(page.getByRole('heading', { name: 'Is the link as fast as it should be?' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Tests' }).getByRole('listitem')).toHaveCount(5);
  await axe(page, stage);
  await shot(page, stage, 'bench-prove-before');
  await page.getByRole('button', { name: 'Prove the link', exact: true }).click();
  await stage.asked('bench.prove', {});
});

test('follows the proof step by step, live', async ({ page, stage }) => {
  await open(page, stage, { bench: { ...bench.nothing, suite: bench.suite({}) } });
  await expect(page.getByText('0 of 5 done')).toBeVisible();
  stage.push('bench', bench.provingNow);
  await expect(page.getByText('1 of 5 done')).toBeVisible();
  const row = page.getByRole('listitem').filter({ hasText: 'RDMA bandwidth' });
  await expect(row).toContainText('running');
  await expect(row.getByRole('progressbar')).toBeVisible();
  const wire = page.getByRole('region', { name: 'What each half carries now' });
  await expect(wire).toContainText(/→spark-5c2d to spark-bd26 94\.\d Gb\/s/);
  await expect(
    page.getByRole('img', { name: 'The cable: half A up and in use, half B up and in use' }),
  ).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'bench-prove-running');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await stage.asked('bench.cancel', {});
  stage.push('bench', { ...bench.provingNow, running: bench.running(9, { cancelling: true }) });
  await expect(page.getByRole('button', { name: 'Cancelling…' })).toHaveAttribute('aria-busy', 'true');
  await expect(page.getByText('Cancelling: ending what runs on both nodes…')).toBeVisible();
});

test('a progress bar does not go back when a phase ends early', async ({ page, stage }) => {
  await open(page, stage, { bench: { ...bench.provingNow, running: bench.running(9, { phase: 'ending' }) } });
  const bar = page.getByRole('listitem').getByRole('progressbar');
  await expect(bar).toHaveAttribute('aria-valuenow', '98');
  stage.push('bench', { ...bench.provingNow, running: bench.running(9) });
  await expect(page.getByText('Measuring, about 12 seconds in all…')).toBeVisible();
  await expect(bar).toHaveAttribute('aria-valuenow', '98');
});

test('ends in one sentence with its level', async ({ page, stage }) => {
  await open(page, stage, { bench: { ...bench.nothing, suite: bench.healthySuite } });
  const verdict = page.getByRole('region', { name: 'Healthy' });
  await expect(verdict.getByRole('heading', { level: 2 })).toHaveText(
    'The link is healthy: 189.9 Gb/s over both halves, 1.47 µs.',
  );
  await expect(page.getByText('NCCL was left out')).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'bench-prove-healthy');
  await page.getByRole('button', { name: 'Show the measurement: RDMA bandwidth' }).click();
  await stage.asked('bench.show', { id: writeBoth.id });
  await shot(page, stage, 'bench-prove-step');
  await page.getByRole('button', { name: 'Prove the link again' }).click();
  await stage.asked('bench.prove', {});
});

test('says causes and remedies, and leads to what is missing', async ({ page, stage }) => {
  await open(page, stage, { bench: { ...bench.nothing, suite: bench.badSuite } });
  const verdict = page.getByRole('region', { name: 'Bad' });
  await expect(verdict.getByRole('listitem').first()).toContainText('stuck at about 13 Gb/s');
  await expect(verdict.getByRole('listitem').first()).toContainText('unplug both from the wall for a minute');
  await expect(page.getByText('iperf3 is not installed on spark-bd26')).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'bench-prove-bad');
  await page.getByRole('button', { name: 'Open Benchmark tools' }).click();
  // This Twinspark has no such playbook: the list of those that it has.
  await expect(page.getByRole('heading', { name: 'What would you like to do?' })).toBeVisible();
});

test('opens the playbook that brings the missing tools', async ({ page, stage }) => {
  const { app } = stage.state;
  const [connect] = app.playbooks;
  await open(page, stage, {
    app: { ...app, playbooks: [connect!, { ...connect!, id: 'benchmark-tools' }] },
    bench: { ...bench.nothing, suite: bench.badSuite },
  });
  await page.getByRole('button', { name: 'Open Benchmark tools' }).click();
  await stage.asked('playbook.open', { playbook: 'benchmark-tools' });
  await expect(page.getByRole('button', { name: 'Checklist' })).toHaveAttribute('aria-current', 'page');
});

test('a proof that was cancelled claims nothing', async ({ page, stage }) => {
  await open(page, stage, { bench: { ...bench.nothing, suite: bench.notProven } });
  await expect(page.getByRole('region', { name: 'Not judged' })).toContainText(
    'Not proven: stopped before the end.',
  );
  await expect(page.getByText('Cancelled before its turn came.')).toHaveCount(3);
  await shot(page, stage, 'bench-prove-cancelled');
});

test('marks figures of the practice pair as make-believe', async ({ page, stage }) => {
  await open(page, stage, {
    ...bench.joinedPractice,
    bench: { ...bench.nothing, suite: bench.healthySuite },
  });
  await expect(page.getByText('Practice pair: a make-believe figure')).toBeVisible();
});

test('measures with one tool as it was chosen', async ({ page, stage }) => {
  await open(page, stage);
  await openTab(page, 'Single test');
  await page.getByRole('radio', { name: 'TCP (iperf3)' }).check();
  await expect(page.getByText('Copies through the ordinary network stack')).toBeVisible();
  await page.getByRole('radio', { name: 'B', exact: true }).check();
  await page
    .getByRole('radiogroup', { name: 'Direction' })
    .getByRole('radio', { name: 'Both at once' })
    .check();
  await page.getByLabel('Streams').selectOption('8');
  await page.getByLabel('Seconds').selectOption('10');
  const will = page.getByRole('region', { name: 'What will run' });
  await expect(will).toContainText('enP2p1s0f1np1 192.168.101.10 ⇄ enP2p1s0f1np1 192.168.101.11');
  await expect(will).toContainText('about 10 seconds');
  await axe(page, stage);
  await shot(page, stage, 'bench-test-form');
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await stage.asked('bench.start', {
    request: { tool: 'iperf3', halves: 'b', direction: 'both', streams: 8, seconds: 10 },
  });
});

test('keeps what another tool cannot do out of its request', async ({ page, stage }) => {
  await open(page, stage);
  await openTab(page, 'Single test');
  await page.getByRole('radio', { name: 'RDMA write latency (ib_write_lat)' }).check();
  await expect(page.getByRole('radio', { name: 'Both at once' })).toBeDisabled();
  await expect(page.getByRole('radio', { name: 'A', exact: true })).toBeChecked();
  await page.getByRole('radio', { name: 'spark-bd26 → spark-5c2d' }).check();
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await stage.asked('bench.start', {
    request: { tool: 'ib_write_lat', halves: 'a', direction: 'reverse', sizes: 2 },
  });
  await page.getByRole('radio', { name: 'NCCL between the GPUs' }).check();
  await page.getByRole('radio', { name: 'all_reduce' }).check();
  await page.getByLabel('Message size').selectOption('sweep');
  await shot(page, stage, 'bench-test-nccl');
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await stage.asked('bench.start', {
    request: { tool: 'nccl', halves: 'both', operation: 'all_reduce', fromBytes: 8, toBytes: null },
  });
});

test('says where a tool is missing, and which half cannot be used', async ({ page, stage }) => {
  const node2 = bench.joinedFacts('spark-bd26', 11, {
    tools: known({ ping: '/usr/bin/ping' }, 'command -v'),
    addresses: known([], 'ip -j address'),
  });
  await open(page, stage, { facts: { ...bench.joined.facts, node2 } });
  await openTab(page, 'Single test');
  await expect(page.getByRole('radio', { name: /iperf3/ })).toHaveAccessibleName(
    /not installed on spark-bd26/,
  );
  await page.getByRole('radio', { name: /iperf3/ }).check();
  await expect(page.getByText('iperf3 is not installed on spark-bd26.')).toBeVisible();
  await expect(page.getByText('There is no link with addresses on both nodes')).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'bench-test-missing');
});

test('shows a test while it runs and what came of it', async ({ page, stage }) => {
  await open(page, stage);
  await openTab(page, 'Single test');
  stage.push('bench', { ...bench.nothing, running: bench.running(0, { phase: 'preparing' }) });
  await expect(page.getByText('Getting ready on both nodes…')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Measuring…' })).toHaveAttribute('aria-busy', 'true');
  stage.push('bench', { ...bench.nothing, running: bench.runningWithFigures(20) });
  await expect(page.getByText('Measuring, about 12 seconds in all…')).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'bench-test-live');
  stage.change({
    history: [bench.listed(writeBoth)],
    bench: { ...bench.nothing, last: writeBoth.id },
  });
  await stage.asked('bench.show', { id: writeBoth.id });
  await expect(page.getByRole('button', { name: 'Measure again' })).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'bench-test-result');
  await page.getByRole('button', { name: 'Other settings' }).click();
  await expect(page.getByRole('button', { name: 'Measure', exact: true })).toBeVisible();
});

test('begins the form where the last test was', async ({ page, stage }) => {
  await open(page, stage, { history: records.map((record) => bench.listed(record)) });
  await openTab(page, 'Single test');
  await expect(page.getByRole('radio', { name: 'TCP (iperf3)' })).toBeChecked();
  await expect(page.getByRole('radio', { name: 'B', exact: true })).toBeChecked();
});

test('says cause and remedy when nothing could be started', async ({ page, stage }) => {
  await open(page, stage, {
    bench: { ...bench.nothing, failure: { code: 'BENCH_NO_LINK', params: { half: 'both' } } },
  });
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('has no link with an address on both machines');
  await expect(alert).toContainText('Run the playbook “Connect two Sparks” first.');
  await shot(page, stage, 'bench-failure');
  await alert.getByRole('button', { name: 'Look at the cable' }).click();
  await expect(page.getByRole('tab', { name: 'Cable' })).toHaveAttribute('aria-selected', 'true');
});

test('nothing can be measured before both nodes are connected and read', async ({ page, stage }) => {
  await open(page, stage, { ...failed });
  await expect(page.getByRole('heading', { name: 'Here your link proves itself' })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Connect' }).click();
  await stage.asked('pair.connect', {});
  stage.change({ ...bench.joined, facts: { node1: null, node2: null, readAt: null, reading: true } });
  await expect(page.getByRole('button', { name: 'Prove the link', exact: true })).toBeDisabled();
  await expect(page.getByText('Waiting until both nodes have been read.')).toBeVisible();
});

test('teaches what will be here without a pair, with a practice pair as a way in', async ({
  page,
  stage,
}) => {
  stage.answer('bench.show', () => writeBoth);
  await stage.open({ history: [bench.listed(writeBoth)] });
  await openView(page, 'benchmarks');
  // What was measured before is there without any node.
  await expect(page.getByRole('tab', { name: /History/ })).toHaveAttribute('aria-selected', 'true');
  await openTab(page, 'Prove the link');
  await axe(page, stage);
  await shot(page, stage, 'bench-empty');
  await page.getByRole('button', { name: 'Try it on a practice pair' }).click();
  await stage.asked('practice.start', {});
});

test('arrow keys go through the tabs', async ({ page, stage }) => {
  await open(page, stage);
  await page.getByRole('tab', { name: 'Prove the link' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Single test' })).toBeFocused();
  await expect(page.getByRole('tabpanel', { name: 'Single test' })).toBeVisible();
  await page.keyboard.press('End');
  await expect(page.getByRole('tab', { name: 'Cable' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Prove the link' })).toBeFocused();
});

test('is offered where it belongs: beside the nodes', async ({ page, stage }) => {
  await stage.open({ ...bench.joined });
  await page.getByRole('main').getByRole('button', { name: 'Prove the link' }).click();
  await expect(page.getByRole('tab', { name: 'Prove the link' })).toHaveAttribute('aria-selected', 'true');
  await page.locator('nav').getByRole('button', { name: 'Nodes' }).click();
  stage.push('facts', connected.facts);
  await expect(page.getByRole('main').getByRole('button', { name: 'Prove the link' })).toHaveCount(0);
  await page.getByRole('main').getByRole('button', { name: 'See the cable' }).click();
  await expect(page.getByRole('tab', { name: 'Cable' })).toHaveAttribute('aria-selected', 'true');
});
