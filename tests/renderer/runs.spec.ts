import { connected } from './fixtures/nodes';
import * as history from './fixtures/playbook-runs';
import * as states from './fixtures/playbook-states';
import { openView } from './playbook-steps';
import { expect, test } from './stage';

test('lists every run with its outcome, and shows what one has changed', async ({ page, stage }) => {
  stage.answer('run.show', () => history.doneRun);
  await stage.open({ ...states.done, runs: history.runs });
  await openView(page, 'runs');
  const list = page.getByRole('list', { name: 'Runs' });
  await expect(list.getByRole('listitem')).toHaveCount(5);
  await expect(list.getByText('rolled back, differences left · 12 changes, 1 in place')).toBeVisible();
  await expect(list.getByText('ended in the middle · 3 changes, 3 in place')).toBeVisible();
  const details = page.getByRole('article', { name: `Run ${states.run}` });
  await expect(details.getByText('Write /etc/netplan/40-cx7.yaml on spark-5c2d and apply it')).toBeVisible();
  await expect(details.getByText('12 of 12')).toBeVisible();
});

test('a run is taken back from here', async ({ page, stage }) => {
  stage.answer('run.show', () => history.doneRun);
  stage.answer('rollback.preview', () => ({
    token: 't',
    runs: [{ run: states.run, changes: history.summaries }],
  }));
  await stage.open({ ...states.done, runs: history.runs });
  await openView(page, 'runs');
  await page.getByRole('button', { name: 'Roll back this run…' }).click();
  await stage.asked('rollback.preview', { scope: { what: 'run', run: states.run } });
  await page.getByRole('button', { name: 'Take back 12 changes' }).click();
  await stage.asked('rollback.start', { token: 't' });
  // Its progress is in the checklist.
  await expect(page.getByRole('list', { name: 'Stages of Connect two Sparks' })).toBeVisible();
});

test('a run of other nodes says which ones it needs', async ({ page, stage }) => {
  stage.answer('run.show', () => history.interruptedRun);
  await stage.open({ ...connected, runs: history.runs });
  await openView(page, 'runs');
  await page.getByRole('list', { name: 'Runs' }).getByRole('button').last().click();
  const back = page.getByRole('button', { name: 'Roll back this run…' });
  await expect(back).toBeDisabled();
  await expect(back).toHaveAccessibleDescription('Connect to spark-a ⇄ spark-b to roll it back.');
});

test('arrow keys go through the list', async ({ page, stage }) => {
  stage.answer('run.show', () => history.doneRun);
  await stage.open({ ...connected, runs: history.runs });
  await openView(page, 'runs');
  const buttons = page.getByRole('list', { name: 'Runs' }).getByRole('button');
  await buttons.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(buttons.nth(1)).toBeFocused();
  await stage.asked('run.show', { run: history.runs[1]!.run });
  await page.keyboard.press('End');
  await expect(buttons.last()).toBeFocused();
});

test('says what will be here while there is nothing', async ({ page, stage }) => {
  await stage.open(connected);
  await openView(page, 'runs');
  await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Choose a playbook' }).click();
  await expect(page.getByRole('heading', { name: 'What would you like to do?' })).toBeVisible();
});
