import { connected } from './fixtures/nodes';
import * as history from './fixtures/playbook-runs';
import * as states from './fixtures/playbook-states';
import { openView } from './playbook-steps';
import { expect, test } from './stage';

const everything = { token: 'first', runs: [{ run: states.run, changes: history.summaries }] };

test('one click and one confirmation, with all that is restored in between', async ({ page, stage }) => {
  stage.answer('rollback.preview', () => everything);
  await stage.open(states.done);
  await openView(page, 'checklist');
  await page.getByRole('button', { name: 'Roll back everything…' }).click();
  await stage.asked('rollback.preview', { scope: { what: 'everything' } });
  const dialog = page.getByRole('dialog', { name: 'Roll back everything?' });
  await expect(dialog.getByRole('listitem')).toHaveCount(12);
  // Later stages go first.
  await expect(dialog.getByRole('heading', { level: 3 })).toHaveText([
    /SSH without a password/,
    /Addresses on the fast link/,
  ]);
  await expect(dialog.getByText('12 changes are taken back')).toBeVisible();
  // The way out is what Enter does.
  await expect(dialog.getByRole('button', { name: 'Keep everything' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Take back 12 changes' }).click();
  await stage.asked('rollback.start', { token: 'first' });
  await expect(dialog).toBeHidden();
});

test('one stage alone, and nothing at all when it is kept', async ({ page, stage }) => {
  stage.answer('rollback.preview', () => everything);
  await stage.open(states.done);
  await openView(page, 'checklist');
  await page.getByRole('button', { name: 'Take back “SSH without a password”…' }).click();
  await stage.asked('rollback.preview', { scope: { what: 'stage', stage: 'ssh' } });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  expect(stage.questions.map(({ method }) => method)).not.toContain('rollback.start');
});

test('a list that has changed since is shown anew before anything happens', async ({ page, stage }) => {
  const fewer = { token: 'second', runs: [{ run: states.run, changes: history.summaries.slice(0, 10) }] };
  let previews = 0;
  stage.answer('rollback.preview', () => (previews++ === 0 ? everything : fewer));
  stage.answer('rollback.start', ({ token }) =>
    token === 'first' ? { failure: { code: 'ROLLBACK_CHANGED', params: {} } } : {},
  );
  await stage.open(states.done);
  await openView(page, 'checklist');
  await page.getByRole('button', { name: 'Roll back everything…' }).click();
  await page.getByRole('button', { name: 'Take back 12 changes' }).click();
  await expect(page.getByText('The list has changed since you opened it.')).toBeVisible();
  await page.getByRole('button', { name: 'Take back 10 changes' }).click();
  await stage.asked('rollback.start', { token: 'second' });
});

test('its progress fills the same checklist', async ({ page, stage }) => {
  const undoing = states.book(
    {
      network: { status: 'done', inPlace: 2 },
      ssh: {
        status: 'undoing',
        startedAt: Date.now() - 1000,
        inPlace: 10,
        changes: states.changes('ssh', 'restored', 'restored', 'restored', 'undoing'),
      },
    },
    { work: { kind: 'rollback', startedAt: Date.now() - 1000, cancelling: false, run: states.run } },
  );
  await stage.open({ ...connected, book: undoing });
  await openView(page, 'checklist');
  await expect(page.getByRole('progressbar', { name: 'Progress' })).toHaveAttribute('aria-valuenow', '25');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('SSH without a password');
  await expect(page.getByRole('img', { name: 'taken back', exact: true })).toHaveCount(3);
  await expect(page.getByRole('button', { name: 'Roll back everything…' })).toBeDisabled();
});

test('what somebody has changed since is left alone, with the difference', async ({ page, stage }) => {
  stage.answer('rollback.preview', () => everything);
  await stage.open(states.rolledBackWithDifferences);
  await openView(page, 'checklist');
  await expect(page.getByText('11 changes were taken back; 1 was left alone')).toBeVisible();
  const added = page.getByRole('group', { name: 'Left alone' }).first().getByText('mtu: 9000');
  await expect(added).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await stage.asked('rollback.preview', { scope: { what: 'everything' } });
});

test('what could not be taken back says why, and can be tried again', async ({ page, stage }) => {
  stage.answer('rollback.preview', () => everything);
  const failure = {
    code: 'UNDO_FAILED' as const,
    params: { change: 'x' },
    node: states.node2,
    evidence: 'disk full',
  };
  await stage.open({
    ...connected,
    book: states.book(
      { network: { status: 'failed', inPlace: 2 } },
      { result: states.result({ kind: 'rollback', outcome: 'unfinished', changes: 10, failure }) },
    ),
  });
  await openView(page, 'checklist');
  await expect(page.getByText('10 changes taken back; the rest could not be.')).toBeVisible();
  const panel = page.getByRole('alert', { name: 'What happened' });
  await expect(panel).toContainText('A change could not be taken back.');
  await panel.getByRole('button', { name: 'Try again' }).click();
  await stage.asked('rollback.preview', { scope: { what: 'everything' } });
});

test('after a crash it is offered to go on or to roll back', async ({ page, stage }) => {
  stage.answer('rollback.preview', () => everything);
  await stage.open(history.interrupted);
  await openView(page, 'checklist');
  await expect(page.getByText('It was in the stage “SSH without a password”.')).toBeVisible();
  await expect(page.getByText('5 changes are in place.')).toBeVisible();
  await expect(page.getByText('1 change may be half done; it is looked at first.')).toBeVisible();
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await stage.asked('rollback.preview', { scope: { what: 'everything' } });
  await page.getByRole('button', { name: 'Keep everything' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await stage.asked('run.continue', { run: states.run });
  // Main has settled it and planned the rest: the person applies it.
  stage.change({ plan: states.plan, runs: history.runs, book: states.book({ network: { inPlace: 2 } }) });
  await expect(page.getByText(`This continues run ${states.run}.`)).toBeVisible();
  await page.getByRole('button', { name: 'Apply all 12 changes' }).click();
  await stage.asked('playbook.apply', { hash: states.plan.hash });
});
