import { expect, test } from './fixture';
import { look } from './looks';
import { longMs } from './twinspark-window';

test.setTimeout(180_000);

test('every view as it really is: seen, and without a barrier', async ({ serve, twinspark }) => {
  const { page } = twinspark;
  const served = await serve({ practice: false });
  await twinspark.enter(served.url);
  await expect(twinspark.button('window.practice.start')).toBeVisible();
  await look(page, 'welcome');
  await twinspark.button('window.practice.start').click();
  await expect(twinspark.heading('window.nodes.pair.connected.title')).toBeVisible({ timeout: longMs });
  await expect(page.getByRole('row').filter({ hasText: 'GPU' })).toContainText('GB10');
  await look(page, 'connected');
  await twinspark.button('window.nodes.to-playbooks').click();
  await expect(twinspark.button('window.playbook.choose.open').first()).toBeVisible();
  await look(page, 'chooser');
  await twinspark.button('window.playbook.choose.open').first().click();
  const changes = await twinspark.planned();
  await look(page, 'plan');
  await twinspark.apply.click();
  await twinspark.expectVerified(changes);
  await look(page, 'done');
  await twinspark.button('window.log.show').click();
  await look(page, 'log');
  await twinspark.button('window.log.hide').click();

  await twinspark.button('window.shell.terminals').click();
  const terminals = page.getByRole('region', { name: twinspark.say('window.shell.terminals'), exact: true });
  await expect(terminals.getByText('nvidia@spark-b2e7').first()).toBeVisible({ timeout: longMs });
  await look(page, 'terminals');
  await twinspark.button('window.terminal.close-drawer').click();

  await twinspark.button('window.playbook.roll-back-all').click();
  await expect(twinspark.button('window.rollback.confirm', { count: changes })).toBeEnabled();
  await look(page, 'rollback');
  await twinspark.button('window.rollback.confirm', { count: changes }).click();
  await twinspark.expectRolledBack(changes);
  await look(page, 'rolled-back');
  await twinspark.view('runs').click();
  await expect(page.getByRole('article')).toContainText(twinspark.say('window.runs.stages'));
  await look(page, 'runs');
  await twinspark.view('settings').click();
  await expect(twinspark.heading('window.settings.title')).toBeVisible();
  await look(page, 'settings');
  await twinspark.button('window.practice.faults', { count: 0 }).click();
  await expect(twinspark.dialog).toBeVisible();
  await look(page, 'faults');
});
