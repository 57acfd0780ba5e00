import { expect, test } from './fixture';
import { look } from './looks';
import { longMs, type TwinsparkWindow } from './twinspark-window';

test.setTimeout(180_000);

/** The practice pair, joined by the playbook; ends in the benchmarks, by the button that the checklist offers. */
async function join(twinspark: TwinsparkWindow): Promise<void> {
  await twinspark.openPlaybook();
  const changes = await twinspark.planned();
  await twinspark.apply.click();
  await twinspark.expectVerified(changes);
  await twinspark.button('window.plan.prove').click();
  await expect(twinspark.heading('window.bench.prove.title')).toBeVisible();
}

/** How the proof has ended, by its level. */
function verdict(twinspark: TwinsparkWindow, level: 'healthy' | 'bad' | 'unknown') {
  return twinspark.page.getByRole('region', { name: twinspark.say(`bench.level.${level}`), exact: true });
}

async function tab(twinspark: TwinsparkWindow, name: 'prove' | 'test' | 'history' | 'cable'): Promise<void> {
  const button = twinspark.page.getByRole('tab', { name: twinspark.say(`window.bench.tab.${name}`) });
  await button.click();
  await expect(button).toHaveAttribute('aria-selected', 'true');
}

test('the link is proven, broken and named for what is wrong with it, and all of it is in the report', async ({
  serve,
  twinspark,
}) => {
  const { page } = twinspark;
  const served = await serve();
  await twinspark.enter(served.url);
  await join(twinspark);

  await twinspark.button('window.bench.prove').click();
  const rdma = page.getByRole('listitem').filter({ hasText: twinspark.say('bench.step.rdma') });
  await expect(rdma.getByRole('progressbar')).toBeVisible({ timeout: longMs });
  const wire = page.getByRole('region', { name: twinspark.say('window.bench.wire') });
  await expect(wire).toContainText(/→.*\d{2}\.\d Gb\/s/, { timeout: longMs });
  await expect(verdict(twinspark, 'healthy')).toContainText('The link is healthy', { timeout: longMs });
  await expect(rdma).toContainText(/1[89]\d(\.\d+)? Gb\/s/);
  await expect(page.getByText(twinspark.say('window.bench.practice'))).toBeVisible();
  await look(page, 'bench-healthy');

  await twinspark.button('window.practice.faults', { count: 0 }).click();
  await twinspark.dialog
    .getByRole('switch', { name: twinspark.say('practice.fault.slow-link.title'), exact: true })
    .click();
  await twinspark.dialog.getByRole('button', { name: twinspark.say('window.ui.close'), exact: true }).click();
  await twinspark.button('window.bench.prove.again').click();
  await expect(verdict(twinspark, 'bad').getByRole('listitem').first()).toContainText(
    twinspark.say('bench.remedy.thirteen-gigabit'),
    { timeout: longMs },
  );

  await tab(twinspark, 'history');
  await expect(page.getByRole('tab', { selected: true })).toContainText(/\d/);
  await look(page, 'bench-history');
  await tab(twinspark, 'cable');
  await expect(page.getByRole('table', { name: twinspark.say('window.cable.table') })).toContainText(
    '192.168.100.10',
  );
  await look(page, 'bench-cable');

  await twinspark.view('report').click();
  const preview = page.getByRole('region', { name: twinspark.say('window.report.preview') });
  await expect(preview).toContainText('GB10', { timeout: longMs });
  await expect(preview).not.toContainText('spark-b2e7');
  await look(page, 'report');
  await page.getByRole('checkbox', { name: twinspark.say('window.report.mask.hostnames') }).uncheck();
  await expect(preview).toContainText('spark-b2e7', { timeout: longMs });
  await page.getByRole('tab', { name: twinspark.say('window.report.tab.programs') }).click();
  const nccl = page.getByRole('group', { name: 'NCCL', exact: true });
  await expect(nccl).toContainText(/NCCL_IB_HCA=.?rocep1s0f\d,roceP2p1s0f\d/, { timeout: longMs });
  await expect(nccl).toContainText(/NCCL_IB_GID_INDEX=\d/);
});

test('a single test runs live, and a cancelled one leaves nothing', async ({ serve, twinspark }) => {
  const { page } = twinspark;
  const served = await serve();
  await twinspark.enter(served.url);
  await join(twinspark);
  await tab(twinspark, 'test');
  await page.getByRole('radio', { name: twinspark.say('window.bench.tool.iperf3') }).check();
  await page.getByLabel(twinspark.say('window.bench.test.seconds')).selectOption('60');
  await twinspark.button('window.bench.test.start').click();
  await expect(page.getByRole('region', { name: twinspark.say('window.bench.wire') })).toContainText('Gb/s', {
    timeout: longMs,
  });
  await twinspark.button('window.bench.cancel').click();
  await expect(twinspark.button('window.bench.test.again')).toBeEnabled({ timeout: longMs });
  // Its server and client are gone: another one can begin at once, and comes to its end.
  await twinspark.button('window.bench.test.other').click();
  await page.getByLabel(twinspark.say('window.bench.test.seconds')).selectOption('2');
  await twinspark.button('window.bench.test.start').click();
  await expect(page.getByRole('main')).toContainText(/1\d\d(\.\d+)? Gb\/s/, { timeout: longMs });
  await expect(twinspark.button('window.bench.test.again')).toBeEnabled({ timeout: longMs });
  await look(page, 'bench-result');
});
