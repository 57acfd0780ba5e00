import type { Result } from '../../src-main/contract/methods';
import { joined } from './fixtures/bench-states';
import { axe, shot } from './looks';
import { openView } from './playbook-steps';
import { expect, test } from './stage';

const markdown = `# Twinspark report

| | spark-1 | spark-2 |
| --- | --- | --- |
| Release | DGX OS 7.5.0 | DGX OS 7.5.0 |
| Kernel | 6.14.0-1015-nvidia | 6.14.0-1015-nvidia |
| Driver | 580.126.09 | 580.126.09 |

## Link

Half A: enp1s0f1np1 ⇄ enp1s0f1np1, MTU 1500, 200 Gb/s

## Results

| when | test | figure | verdict |
| --- | --- | --- | --- |
| 2026-11-20 09:00 | RDMA over both halves at once | 189.9 Gb/s | healthy |
`;

test('leaves out all that names somebody unless it is wanted', async ({ page, stage }) => {
  stage.answer('report.make', ({ format }) => ({
    text: format === 'markdown' ? markdown : format === 'html' ? '<!doctype html>\n<h1>Report</h1>' : '{}',
  }));
  await stage.open(joined);
  await openView(page, 'report');
  await stage.asked('report.make', {
    format: 'markdown',
    mask: ['serials', 'macs', 'addresses', 'users', 'hostnames'],
  });
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText('189.9 Gb/s | healthy');
  await expect(page.getByText('5 kinds of details are left out.')).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'report');
  await page.getByRole('checkbox', { name: 'Names of the machines' }).uncheck();
  await stage.asked('report.make', { format: 'markdown', mask: ['serials', 'macs', 'addresses', 'users'] });
  await page.getByRole('radio', { name: 'HTML' }).check();
  await stage.asked('report.make', { format: 'html', mask: ['serials', 'macs', 'addresses', 'users'] });
  // A page is shown as its source: nothing of it runs here.
  await expect(page.getByText('<h1>Report</h1>')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Report', level: 1 })).toHaveCount(1);
});

test('is copied, and saved as what it is', async ({ page, stage, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  stage.answer('report.make', () => ({ text: markdown }));
  await stage.open(joined);
  await openView(page, 'report');
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(markdown);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as file' }).click();
  expect((await saved).suggestedFilename()).toBe('twinspark-report.md');
});

test('an older answer does not take the place of a newer one', async ({ page, stage }) => {
  let answers = 0;
  stage.answer('report.make', ({ format }) => ({ text: `${format} ${++answers}` }));
  await stage.open(joined);
  await openView(page, 'report');
  await expect(page.getByText('markdown 1')).toBeVisible();
  await page.getByRole('radio', { name: 'JSON' }).check();
  await expect(page.getByText('json 2')).toBeVisible();
  // A new reading of the nodes makes it anew.
  stage.push('facts', { ...joined.facts, readAt: joined.facts.readAt + 1 });
  await expect(page.getByText('json 3')).toBeVisible();
});

test('says why there is none', async ({ page, stage }) => {
  stage.answer('report.make', () => ({ failure: { code: 'NOT_CONNECTED', params: {} } }));
  await stage.open(joined);
  await openView(page, 'report');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save as file' })).toBeDisabled();
});

test('gives the settings of this pair for other programs', async ({ page, stage }) => {
  stage.answer('report.make', () => ({ text: markdown }));
  stage.answer('bench.environment', ({ program }): Result<'bench.environment'> => ({
    text: `# ${program}\nexport NCCL_SOCKET_IFNAME=enp1s0f1np1\nexport NCCL_IB_HCA=rocep1s0f1,roceP2p1s0f1\n`,
  }));
  await stage.open(joined);
  await openView(page, 'report');
  await page.getByRole('tab', { name: 'Settings for other programs' }).click();
  await expect(page.getByRole('group', { name: 'NCCL' })).toContainText(
    'NCCL_IB_HCA=rocep1s0f1,roceP2p1s0f1',
  );
  await axe(page, stage);
  await shot(page, stage, 'report-programs');
  await page.getByRole('radio', { name: 'UCX' }).check();
  await stage.asked('bench.environment', { program: 'ucx' });
  await expect(page.getByRole('group', { name: 'UCX' })).toContainText('# ucx');
});

test('without a link it leads to the playbook that makes one', async ({ page, stage }) => {
  stage.answer('report.make', () => ({ text: markdown }));
  stage.answer('bench.environment', () => ({ failure: { code: 'BENCH_NO_LINK', params: { half: 'both' } } }));
  await stage.open(joined);
  await openView(page, 'report');
  await page.getByRole('tab', { name: 'Settings for other programs' }).click();
  await page.getByRole('button', { name: 'Open Connect two Sparks' }).click();
  await stage.asked('playbook.open', { playbook: 'connect-two-sparks' });
});
