import { expect, test } from './fixture';
import { longMs, type TwinsparkWindow } from './twinspark-window';

test.setTimeout(120_000);

test.beforeEach(async ({ serve, twinspark }) => {
  const served = await serve();
  await twinspark.enter(served.url);
});

/** Turns a fault on, or off again, as a person does: by the button of the practice pair. */
async function turn(twinspark: TwinsparkWindow, fault: string, on: boolean): Promise<void> {
  await twinspark.button('window.practice.faults', { count: on ? 0 : 1 }).click();
  const control = twinspark.dialog.getByRole('switch', {
    name: twinspark.say(`practice.fault.${fault}.title`),
    exact: true,
  });
  await control.click();
  await expect(control).toBeChecked({ checked: on });
  await twinspark.dialog.getByRole('button', { name: twinspark.say('window.ui.close'), exact: true }).click();
  await expect(twinspark.dialog).toHaveCount(0);
}

/** What stands in the way, in the stage that is shown. */
function hindrance(twinspark: TwinsparkWindow) {
  return twinspark.page.getByRole('region', {
    name: twinspark.say('window.plan.blocked.title'),
    exact: true,
  });
}

async function applyAndVerify(twinspark: TwinsparkWindow): Promise<number> {
  const changes = await twinspark.planned();
  await twinspark.apply.click();
  await twinspark.expectVerified(changes);
  return changes;
}

test('cable out: nothing is changed, and it works when the cable is in', async ({ twinspark }) => {
  await turn(twinspark, 'cable-out', true);
  await twinspark.openPlaybook();
  await expect(hindrance(twinspark)).toContainText(/no signal|no carrier|plug/i, { timeout: longMs });
  await expect(twinspark.said).toContainText('Nothing has been changed.');
  await expect(twinspark.apply).toHaveCount(0);
  await expect(twinspark.stage('cable')).toContainText(twinspark.say('window.playbook.status.blocked'));
  await turn(twinspark, 'cable-out', false);
  await twinspark.button('window.plan.again').click();
  await applyAndVerify(twinspark);
});

test('one half out: the owner decides to go on with the other', async ({ twinspark }) => {
  await turn(twinspark, 'half-out', true);
  await twinspark.openPlaybook();
  await expect(hindrance(twinspark)).toContainText(/half/i, { timeout: longMs });
  await expect(twinspark.apply).toHaveCount(0);
  await twinspark.button('window.playbook.choice.cable.one-half.accept').click();
  const changes = await applyAndVerify(twinspark);
  await twinspark.rollBack(changes);
});

test('password no longer right: asked again, told, and in with the right one', async ({ twinspark }) => {
  await expect(twinspark.heading('window.nodes.pair.connected.title')).toBeVisible({ timeout: longMs });
  await turn(twinspark, 'wrong-password', true);
  await twinspark.button('window.nodes.disconnect').click();
  await twinspark.button('window.nodes.connect').click();
  await expect(twinspark.dialog).toContainText('Password for nvidia on spark-b2e7', { timeout: longMs });
  await expect(twinspark.dialog).toContainText(twinspark.say('window.prompt.secret.retry'));
  await twinspark.dialog
    .getByRole('button', { name: twinspark.say('window.ui.cancel'), exact: true })
    .click();
  const node = twinspark.page.getByRole('region', { name: 'spark-b2e7', exact: true });
  await expect(node).toContainText('refused the login as nvidia: tried password', { timeout: longMs });
  await expect(node).toContainText('Check the user name');
  await turn(twinspark, 'wrong-password', false);
  await twinspark.button('window.nodes.try-again').click();
  await expect(twinspark.heading('window.nodes.pair.connected.title')).toBeVisible({ timeout: longMs });
});

test('another tool’s file: left alone until the owner decides, and back afterwards', async ({
  twinspark,
}) => {
  await turn(twinspark, 'foreign-netplan', true);
  await twinspark.openPlaybook();
  await expect(hindrance(twinspark)).toContainText('99-nvidia-sync-cluster.yaml', { timeout: longMs });
  for (const way of ['adopt', 'replace'])
    await expect(twinspark.button(`window.playbook.choice.network.foreign.${way}`)).toBeEnabled();
  await twinspark.button('window.playbook.choice.network.foreign.replace').click();
  const changes = await twinspark.planned();
  await twinspark.stage('network').click();
  await expect(twinspark.page.getByRole('article')).toContainText('99-nvidia-sync-cluster.yaml');
  await twinspark.apply.click();
  await twinspark.expectVerified(changes);
  await twinspark.rollBack(changes);
  // Their file is there again: the same plan as before needs the same decision.
  await twinspark.button('window.rollback.plan').click();
  expect(await twinspark.planned()).toBe(changes);
});

test('disk full in the middle: the stage is taken back on both nodes, and works with room', async ({
  twinspark,
}) => {
  await twinspark.openPlaybook();
  const changes = await twinspark.planned();
  await turn(twinspark, 'full-disk', true);
  await twinspark.apply.click();
  const failure = twinspark.page.getByRole('alert', { name: twinspark.say('window.failure.title') });
  await expect(failure).toContainText('spark-b2e7', { timeout: longMs });
  const node = { node: 'spark-b2e7' };
  await expect(failure).toContainText(twinspark.say('change.cause.disk-full', node));
  await expect(failure).toContainText(twinspark.say('change.cause.disk-full.remedy', node));
  await expect(failure).toContainText('Remove the cause on the node and try again.');
  await expect(failure).toContainText(twinspark.say('window.failure.taken-back'));
  await expect(twinspark.said).toHaveText(twinspark.say('window.plan.said.failed'));
  await expect(twinspark.button('window.playbook.roll-back-all')).toBeDisabled();
  await turn(twinspark, 'full-disk', false);
  await twinspark.button('window.plan.try-again').click();
  expect(await applyAndVerify(twinspark)).toBe(changes);
});
