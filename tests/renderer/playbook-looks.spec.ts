import type { Slices } from '../../src-main/contract/slices';
import { connected, failed as notConnected } from './fixtures/nodes';
import * as states from './fixtures/playbook-states';
import * as history from './fixtures/playbook-runs';
import { axe, shot } from './looks';
import { expect, test } from './stage';
import { openView } from './playbook-steps';

/** Every state of the heart of the window, looked at in both themes, narrow and in Korean, and by axe. */
const views: [string, Partial<Slices>, RegExp][] = [
  ['ready', states.ready, /Addresses on the fast link/],
  ['planning', states.planning, /Both machines are ready/],
  ['blocked', states.blocked, /Addresses on the fast link/],
  ['nothing', states.nothing, /Both machines are ready/],
  ['done', states.done, /Proof/],
  ['failed', states.failed, /Addresses on the fast link/],
  ['rolled-back', states.rolledBackWithDifferences, /./],
  ['interrupted', history.interrupted, /./],
];
for (const [name, slices, heading] of views) {
  test(`checklist, ${name}`, async ({ page, stage }) => {
    await stage.open({ ...slices, runs: history.runs });
    await openView(page, 'checklist');
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await axe(page, stage);
    await shot(page, stage, `checklist-${name}`);
  });
}

test('checklist, while it works', async ({ page, stage }) => {
  await stage.open(states.applying(Date.now()), history.logLines(0, 60));
  await openView(page, 'checklist');
  await page.getByRole('button', { name: 'Show the log' }).click();
  await axe(page, stage);
  await shot(page, stage, 'checklist-applying');
});

test('checklist, commands shown', async ({ page, stage }) => {
  await stage.open(states.ready);
  await openView(page, 'checklist');
  await page.getByRole('button', { name: 'Show all commands' }).click();
  await axe(page, stage);
  await shot(page, stage, 'checklist-commands');
});

test('checklist, before and after', async ({ page, stage }) => {
  await stage.open(states.ready);
  await openView(page, 'checklist');
  await page.getByRole('button', { name: /SSH without a password/ }).click();
  await page.getByRole('radio', { name: 'Side by side' }).check({ force: true });
  await axe(page, stage);
  await shot(page, stage, 'checklist-split');
});

test('rollback dialog', async ({ page, stage }) => {
  stage.answer('rollback.preview', () => ({
    token: 't',
    runs: [{ run: states.run, changes: history.summaries }],
  }));
  await stage.open(states.done);
  await openView(page, 'checklist');
  await page.getByRole('button', { name: 'Roll back everything…' }).click();
  await expect(page.getByRole('button', { name: 'Take back 12 changes' })).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'rollback-dialog');
});

test('chooser', async ({ page, stage }) => {
  await stage.open(connected);
  await openView(page, 'playbooks');
  await axe(page, stage);
  await shot(page, stage, 'chooser');
});

test('chooser without a connection', async ({ page, stage }) => {
  await stage.open(notConnected);
  await openView(page, 'playbooks');
  await axe(page, stage);
  await shot(page, stage, 'chooser-not-connected');
});

test('history', async ({ page, stage }) => {
  stage.answer('run.show', () => history.doneRun);
  await stage.open({ ...states.done, runs: history.runs });
  await openView(page, 'runs');
  await expect(page.getByText('Stages and changes')).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'runs');
});

test('empty history', async ({ page, stage }) => {
  await stage.open(connected);
  await openView(page, 'runs');
  await axe(page, stage);
  await shot(page, stage, 'runs-empty');
});
