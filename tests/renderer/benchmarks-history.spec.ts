import { daily, dailyHistory, history, long } from './fixtures/bench-history';
import { ncclOne, ncclSweep, ncclTcp, records, writeA, writeBoth } from './fixtures/bench-records';
import { historyRows, openHistory, openRecord } from './benchmarks-steps';
import { connected } from './fixtures/nodes';
import { axe, shot } from './looks';
import { openView } from './playbook-steps';
import { expect, test } from './stage';

const everything = [...history, ...dailyHistory];
const known = [...records, ...daily];
const at = (id: string) => history.findIndex((one) => one.id === id);

test('a thousand results draw as many rows as are in sight', async ({ page, stage }) => {
  const entries = long(1000);
  await openHistory(page, stage, entries, [writeA]);
  const rows = historyRows(page);
  await expect(rows.locator('[data-index="0"]')).toHaveAttribute('aria-setsize', '1000');
  expect(await rows.getByRole('listitem').count()).toBeLessThan(40);
  await rows.locator('[data-index="0"]').getByRole('button').focus();
  await page.keyboard.press('End');
  await expect(rows.locator('[data-index="999"]').getByRole('button')).toBeFocused();
  await stage.asked('bench.show', { id: entries[999]!.id });
  expect(await rows.getByRole('listitem').count()).toBeLessThan(40);
});

test('arrow keys go through the results', async ({ page, stage }) => {
  await openHistory(page, stage, history, records);
  await openRecord(page, 0);
  await page.keyboard.press('ArrowDown');
  await expect(historyRows(page).locator('[data-index="1"]').getByRole('button')).toBeFocused();
  await stage.asked('bench.show', { id: history[1]!.id });
});

test('filters by tool, verdict and fall', async ({ page, stage }) => {
  await openHistory(page, stage, everything, known);
  const rows = historyRows(page);
  await page.getByRole('combobox', { name: 'Tool' }).selectOption('nccl');
  await expect(rows.getByRole('listitem')).toHaveCount(3);
  await page.getByRole('combobox', { name: 'Verdict' }).selectOption('Bad');
  await expect(rows.getByRole('listitem')).toHaveCount(1);
  await page.getByRole('combobox', { name: 'Verdict' }).selectOption('Suspicious');
  await expect(page.getByText('No result is like that.')).toBeVisible();
  await page.getByRole('button', { name: 'Show every result' }).click();
  await page.getByRole('combobox', { name: 'Verdict' }).selectOption('Worse than its past');
  await expect(rows.getByRole('listitem')).toHaveCount(1);
  await expect(rows.getByText('below its past')).toBeVisible();
});

test('compares before and after, with what changed on the nodes', async ({ page, stage }) => {
  await openHistory(page, stage, dailyHistory, daily);
  const rows = historyRows(page);
  for (const index of [0, 1]) await rows.locator(`[data-index="${index}"]`).getByRole('checkbox').check();
  const comparison = page.getByRole('article', { name: '2 results compared' });
  await expect(
    comparison.getByRole('group', { name: 'From 92.57 Gb/s to 71.4 Gb/s (-22.9%)' }),
  ).toBeVisible();
  const changes = comparison.getByRole('region', { name: 'What changed on the nodes in between' });
  await expect(
    changes.getByRole('row', { name: /GPU driver spark-5c2d 580.95.05 changed: 580.126.09/ }),
  ).toBeVisible();
  await expect(
    changes.getByRole('row', { name: /firmware spark-bd26 28.45.3002 changed: 28.45.4028/ }),
  ).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'bench-compare-two');
});

test('no more than ten can be compared', async ({ page, stage }) => {
  await openHistory(page, stage, everything, known);
  const rows = historyRows(page);
  for (let index = 0; index < 11; index++) {
    await rows.locator(`[data-index="${index}"]`).getByRole('checkbox').click();
  }
  await expect(rows.locator('[data-index="10"]').getByRole('checkbox')).not.toBeChecked();
  await expect(page.getByText('10 results are chosen.')).toBeVisible();
  await expect(page.getByText('These measure different things')).toBeVisible();
  await shot(page, stage, 'bench-compare-ten');
});

test('ten of a kind are told apart', async ({ page, stage }) => {
  await openHistory(page, stage, dailyHistory, daily);
  const rows = historyRows(page);
  for (let index = 0; index < 10; index++) {
    await rows.locator(`[data-index="${index}"]`).getByRole('checkbox').check();
  }
  await expect(page.getByRole('article', { name: '10 results compared' })).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'bench-compare-kind');
});

test('sweeps are drawn over each other', async ({ page, stage }) => {
  await openHistory(page, stage, history, records);
  for (const { id } of [ncclSweep, ncclTcp, ncclOne]) {
    await historyRows(page)
      .locator(`[data-index="${at(id)}"]`)
      .getByRole('checkbox')
      .check();
  }
  await expect(page.getByRole('article', { name: '3 results compared' })).toBeVisible();
  await expect(page.getByRole('img', { name: /Message size/ })).toBeVisible();
  await shot(page, stage, 'bench-compare-sweeps');
});

test('one kind over time, with its healthy band', async ({ page, stage }) => {
  await openHistory(page, stage, dailyHistory, daily);
  await page.getByRole('radio', { name: 'Over time (10)' }).check({ force: true });
  const graph = page.getByRole('img', { name: /10 results on this pair/ });
  await expect(graph).toHaveAccessibleName(/Healthy: 92–111 Gb\/s/);
  await expect(graph).toHaveAccessibleName(/Suspicious: 71.4 Gb\/s/);
  await axe(page, stage);
  await shot(page, stage, 'bench-trend');
});

test('is asked before a result is removed', async ({ page, stage }) => {
  await openHistory(page, stage, history, records);
  await openRecord(page, at(writeBoth.id));
  await page.getByRole('button', { name: 'Remove this result…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove this result?' });
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await axe(page, stage);
  await dialog.getByRole('button', { name: 'Remove it' }).click();
  await stage.asked('bench.remove', { ids: [writeBoth.id] });
  await expect(dialog).toBeHidden();
});

test('says what will be here while there is nothing', async ({ page, stage }) => {
  await stage.open(connected);
  await openView(page, 'benchmarks');
  await page.getByRole('tab', { name: /History/ }).click();
  await expect(page.getByRole('heading', { name: 'No results yet' })).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'bench-history-empty');
  await page.getByRole('main').getByRole('button', { name: 'Prove the link' }).click();
  await expect(page.getByRole('tab', { name: 'Prove the link' })).toHaveAttribute('aria-selected', 'true');
});
