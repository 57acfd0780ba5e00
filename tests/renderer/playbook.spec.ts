import type { Locator, Page } from '@playwright/test';
import { message } from '../../src-main/contract/message';
import { connected, connecting, failed as notConnected } from './fixtures/nodes';
import * as states from './fixtures/playbook-states';
import { openView } from './playbook-steps';
import { expect, test } from './stage';
import { TerminalsDouble } from './terminals-double';

const primary = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('main').getByRole('button', { name });
const stageButton = (page: Page, name: string) =>
  page
    .getByRole('list', { name: 'Stages of Connect two Sparks' })
    .getByRole('button', { name: new RegExp(`^${name}`) });

test.describe('choosing a playbook', () => {
  test('opens with one click, and says beforehand what it takes', async ({ page, stage }) => {
    stage.answer('playbook.open', () => {
      stage.change({ book: states.planning.book });
      return {};
    });
    await stage.open(connected);
    await openView(page, 'playbooks');
    const card = page.getByRole('region', { name: 'Connect two Sparks' });
    await expect(card.getByText('about 3 minutes')).toBeVisible();
    await expect(card.getByText('Medium risk')).toBeVisible();
    await expect(card.getByText(/takes such a change back by itself/)).toBeVisible();
    await expect(card.getByText('One QSFP cable for 200 Gb/s between them')).toBeVisible();
    await card.getByRole('button', { name: 'Open and plan' }).click();
    await stage.asked('playbook.open', { playbook: 'connect-two-sparks' });
    await expect(page.getByRole('button', { name: 'Looking at both nodes…' })).toBeVisible();
  });

  test('is not possible without both nodes, and says which one is missing', async ({ page, stage }) => {
    await stage.open(notConnected);
    await openView(page, 'playbooks');
    const open = page.getByRole('button', { name: 'Open and plan' });
    await expect(open).toBeDisabled();
    await expect(open).toHaveAccessibleDescription('spark-bd26 is not connected.');
    stage.change({ pair: connecting.pair });
    await expect(open).toHaveAccessibleDescription('Connecting to spark-5c2d…');
    stage.change({ pair: connected.pair });
    await expect(open).toBeEnabled();
  });
});

test.describe('the plan', () => {
  test('shows both nodes side by side and applies exactly what it shows', async ({ page, stage }) => {
    await stage.open(states.ready);
    await openView(page, 'checklist');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Addresses on the fast link');
    const [first, second] = [states.node1, states.node2].map((name) => page.getByRole('region', { name }));
    await expect(first!.getByText('- 192.168.100.10/24')).toBeVisible();
    await expect(second!.getByText('- 192.168.100.11/24')).toBeVisible();
    const [left, right] = [await first!.boundingBox(), await second!.boundingBox()];
    expect(right!.x).toBeGreaterThan(left!.x + left!.width);
    expect(right!.y).toBe(left!.y);
    await expect(page.getByText('Nothing has been changed yet.')).toBeVisible();
    await primary(page, 'Apply all 12 changes').click();
    await stage.asked('playbook.apply', { hash: states.plan.hash });
  });

  test('can be carried out up to the shown stage only', async ({ page, stage }) => {
    await stage.open(states.ready);
    await openView(page, 'checklist');
    await page.getByRole('button', { name: 'Only up to this stage' }).click();
    await stage.asked('playbook.apply', { hash: states.plan.hash, until: 'network' });
    await stageButton(page, 'Proof').click();
    await expect(page.getByRole('button', { name: 'Only up to this stage' })).toBeHidden();
  });

  test('has every command, with its phases, its helpers folded and what it reads', async ({
    page,
    stage,
  }) => {
    await stage.open(states.ready);
    await openView(page, 'checklist');
    const card = page.getByRole('region', { name: states.node1 });
    await card.getByRole('button', { name: 'Show 3 commands' }).click();
    for (const phase of ['1. Start the node’s own timer', '2. Try it', '3. Keep it'])
      await expect(card.getByText(phase)).toBeVisible();
    await expect(card.getByText(/taken back in 60 s unless confirmed/)).toBeVisible();
    await expect(card.getByText('fail() { printf')).toBeHidden();
    await card
      .getByText(/helper functions, \d+ lines/)
      .first()
      .click();
    await expect(card.getByText(/fail\(\) \{/).first()).toBeVisible();
    await stageButton(page, 'SSH without a password').click();
    await page.getByRole('button', { name: 'Show all commands' }).click();
    await expect(page.getByText(/It reads what this prints on spark-/).first()).toBeVisible();
  });

  test('types a command into a terminal and runs nothing', async ({ page, stage }) => {
    const terminals = new TerminalsDouble(stage);
    // The shell takes a paste as one piece.
    terminals.prompt = '\u001b[?2004hnvidia@spark:~$ ';
    await stage.open(states.ready);
    await openView(page, 'checklist');
    const card = page.getByRole('region', { name: states.node2 });
    await card.getByRole('button', { name: 'Show 3 commands' }).click();
    await card.getByRole('button', { name: 'Open in terminal' }).first().click();
    const typed = (text: string) => text.replace(/\u001b\[20[01]~/g, '');
    await expect.poll(() => typed(terminals.typed.node2)).toMatch(/^sudo sh -c '/);
    // A line break at the end would run it.
    expect(typed(terminals.typed.node2)).toMatch(/'$/);
    expect(terminals.typed.node1).toBe('');
    expect(stage.questions.map(({ method }) => method)).not.toContain('playbook.apply');
  });

  test('shows before and after of an edited file beside each other', async ({ page, stage }) => {
    await stage.open(states.ready);
    await openView(page, 'checklist');
    await stageButton(page, 'SSH without a password').click();
    const card = page.getByRole('region', { name: states.node2 });
    await expect(card.getByRole('table')).toHaveCount(0);
    await page.getByText('Side by side', { exact: true }).click();
    const row = card.getByRole('row').filter({ hasText: 'ForwardAgent no' });
    await expect(row.getByRole('cell', { name: 'ForwardAgent no' })).toHaveCount(2);
  });

  test('is made again when a choice changes; a refused value says why beside the field', async ({
    page,
    stage,
  }) => {
    const refusal = {
      code: 'BAD_INPUT' as const,
      params: { input: 'network.subnets', allowed: 'IPv4 networks' },
    };
    stage.answer('playbook.set-input', ({ key }) => (key === 'network.subnets' ? { failure: refusal } : {}));
    await stage.open(states.ready);
    await openView(page, 'checklist');
    await page.getByText('Link-local', { exact: true }).click();
    await stage.asked('playbook.set-input', { key: 'network.method', value: 'link-local' });
    await page.getByText('More choices').click();
    const field = page.getByRole('textbox', { name: /Networks of the links/ });
    await field.fill('nonsense');
    await field.press('Enter');
    await stage.asked('playbook.set-input', { key: 'network.subnets', value: 'nonsense' });
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(/Allowed here: IPv4 networks/);
    await expect(field).toHaveValue('nonsense');
    await field.press('Escape');
    await expect(field).toHaveValue('192.168.100.0/24,192.168.101.0/24');
  });

  test('that is blocked offers the decision as buttons', async ({ page, stage }) => {
    await stage.open(states.blocked);
    await openView(page, 'checklist');
    await expect(page.getByText(/99-nvidia-sync-cluster/)).toBeVisible();
    await page.getByRole('button', { name: 'Replace them' }).click();
    await stage.asked('playbook.set-input', { key: 'network.foreign', value: 'replace' });
    await expect(page.getByText('One thing stands in the way. Nothing has been changed.')).toBeVisible();
  });

  test('with nothing to do offers to measure', async ({ page, stage }) => {
    await stage.open(states.nothing);
    await openView(page, 'checklist');
    await expect(page.getByText('Nothing to do: everything is already in place.')).toBeVisible();
    await primary(page, 'Measure again').click();
    await stage.asked('playbook.verify', {});
  });

  test('is shown as a script that can be saved', async ({ page, stage }) => {
    stage.answer('plan.script', () => ({ script: '#!/usr/bin/env bash\nset -euo pipefail\n' }));
    await stage.open(states.ready);
    await openView(page, 'checklist');
    await page.getByRole('button', { name: 'Show as script' }).click();
    await stage.asked('plan.script', { hash: states.plan.hash });
    const dialog = page.getByRole('dialog', { name: 'The plan as a script' });
    await expect(dialog.getByText('set -euo pipefail')).toBeVisible();
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save…' }).click();
    expect((await download).suggestedFilename()).toBe('connect-two-sparks.sh');
  });
});

test.describe('while it works', () => {
  test('the same cards fill with what happens, and nothing moves', async ({ page, stage }) => {
    await stage.open(states.ready);
    await openView(page, 'checklist');
    const change = page.getByRole('region', { name: states.node1 }).getByText('Write /etc/netplan');
    const before = await change.boundingBox();
    stage.change(states.trying(Date.now()));
    const card = page.getByRole('region', { name: states.node1 });
    await expect(card.getByRole('img', { name: 'on trial' })).toBeVisible();
    await expect(
      page.getByRole('region', { name: states.node2 }).getByRole('img', { name: 'being made' }),
    ).toBeVisible();
    expect(await change.boundingBox()).toEqual(before);
    await expect(card.getByText('- 192.168.100.10/24')).toBeVisible();
  });

  test('time counts up, the bar never goes back, and a stage taken back is told calmly', async ({
    page,
    stage,
  }) => {
    // Timers run on; what the clock says is ours.
    await page.clock.setFixedTime(states.at);
    await stage.open(states.applying(states.at));
    await openView(page, 'checklist');
    const row = stageButton(page, 'SSH without a password');
    await expect(row).toContainText('4 of 10 changes made');
    await expect(row).toContainText('3 sec');
    await page.clock.setFixedTime(states.at + 2000);
    await expect(row).toContainText('5 sec');
    const bar = page.getByRole('progressbar', { name: 'Progress' });
    const reached = Number(await bar.getAttribute('aria-valuenow'));
    expect(reached).toBeGreaterThan(40);
    const back = states.applying(states.at).book!;
    const ssh = back.stages.find(({ id }) => id === 'ssh')!;
    stage.push('book', {
      ...back,
      stages: back.stages.with(back.stages.indexOf(ssh), { ...ssh, status: 'failed', changes: [] }),
    });
    await expect(row).toContainText('failed');
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(reached);
  });

  test('can be cancelled once, and the button that began it cannot begin it twice', async ({
    page,
    stage,
  }) => {
    await stage.open(states.trying(Date.now()));
    await openView(page, 'checklist');
    await primary(page, 'Applying the plan…').click({ force: true });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await stage.asked('work.cancel', {});
    const { book } = states.trying(Date.now());
    stage.push('book', { ...book!, work: { ...book!.work!, cancelling: true } });
    await page.getByRole('button', { name: 'Cancelling…' }).click({ force: true });
    expect(stage.questions.map(({ method }) => method)).toEqual(['work.cancel']);
    await expect(page.getByText('What is half done is taken back first.')).toBeVisible();
  });

  test('the stage at work comes into sight, whatever was looked at before', async ({ page, stage }) => {
    await stage.open(states.ready);
    await openView(page, 'checklist');
    await stageButton(page, 'Proof').click();
    stage.change(states.trying(Date.now()));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Addresses on the fast link');
    await stageButton(page, 'The cable').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('The cable');
  });
});

test.describe('when it fails', () => {
  test('says what happened, why, what to do, and what the node said', async ({ page, stage }) => {
    await stage.open(states.failed);
    await openView(page, 'checklist');
    const panel = page.getByRole('alert', { name: 'What happened' });
    await expect(panel.getByRole('heading', { level: 2 })).toContainText(
      'The stage Addresses on the fast link was carried out',
    );
    const causes = panel.getByRole('listitem');
    await expect(causes.first()).toContainText('A firewall on spark-bd26 stops what comes from spark-5c2d.');
    await expect(panel.getByText(/was taken back on both nodes/)).toBeVisible();
    await expect(panel.getByText('100% packet loss')).toBeHidden();
    await panel.getByText('What the node said').click();
    await expect(panel.getByText('100% packet loss')).toBeVisible();
    await primary(page, 'Try again').click();
    await stage.asked('playbook.plan', {});
  });
});

test('works by keyboard alone', async ({ page, stage }) => {
  await stage.open(states.done);
  await openView(page, 'checklist');
  await stageButton(page, 'Proof').focus();
  await page.keyboard.press('Home');
  await expect(stageButton(page, 'Both machines are ready')).toBeFocused();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Both machines are ready');
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowDown');
  await expect(stageButton(page, 'Addresses on the fast link')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Take back “Addresses on the fast link”…' })).toBeFocused();
});

test('what comes from a node is text, whatever it looks like', async ({ page, stage }) => {
  const hostile = '<img src=x onerror="document.title=1">\u001b[31mred\u001b[0m\u202egnirts\u0007';
  const shown = '<img src=x onerror="document.title=1">red<U+202E>gnirts␇';
  const { book } = states.failed;
  const stages = book.stages.map((one) =>
    one.id === 'network'
      ? {
          ...one,
          notes: [message('connect.user.same', { user: hostile })],
          failure: { ...states.pingFailure, evidence: hostile, causes: [] },
        }
      : one,
  );
  await stage.open({ ...states.failed, book: { ...book, stages } });
  await openView(page, 'checklist');
  await expect(page.getByText(`Both nodes are used as ${shown}.`)).toBeVisible();
  await page.getByText('What the node said').click();
  await expect(page.getByRole('alert').getByText(shown)).toBeVisible();
  await expect(page).toHaveTitle('Twinspark');
  expect(await page.locator('main img[src]').count()).toBe(0);
});
