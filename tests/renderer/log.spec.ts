import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import * as history from './fixtures/playbook-runs';
import * as states from './fixtures/playbook-states';
import { openView } from './playbook-steps';
import { expect, test, type Stage } from './stage';

const log = (page: Page) => page.getByRole('log', { name: 'Lines of the log' });

async function openLog(page: Page, stage: Stage, lines = history.logLines(0, 200)): Promise<void> {
  await stage.open(states.ready, lines);
  await openView(page, 'checklist');
  await page.getByRole('button', { name: 'Show the log' }).click();
}

test('shows who said what, follows the newest line, and stays when scrolled up', async ({ page, stage }) => {
  await openLog(page, stage);
  await expect(log(page).getByText('icmp_seq=199')).toBeVisible();
  stage.log(history.logLines(200, 2));
  await expect(log(page).getByText('icmp_seq=201')).toBeVisible();
  await log(page).focus();
  await page.keyboard.press('Home');
  await expect(log(page).getByText('icmp_seq=1 ttl')).toBeVisible();
  stage.log(history.logLines(202, 50));
  await expect(page.getByText('252 lines')).toBeVisible();
  await expect(log(page).getByText('icmp_seq=1 ttl')).toBeVisible();
  await page.getByRole('button', { name: 'Newest' }).click();
  await expect(log(page).getByText('icmp_seq=251')).toBeVisible();
});

test('filters by node and stream', async ({ page, stage }) => {
  await openLog(page, stage);
  await page.getByLabel('Whose lines').selectOption('Twinspark');
  await expect(page.getByText('8 lines')).toBeVisible();
  await page.getByLabel('Whose lines').selectOption(states.node1);
  await page.getByLabel('Which lines').selectOption('Standard error');
  await expect(
    log(page)
      .getByText(/netplan: warning/)
      .first(),
  ).toBeVisible();
  await expect(log(page).getByText(states.node2)).toHaveCount(0);
  await page.getByLabel('Which lines').selectOption('Twinspark');
  await expect(page.getByText('No line passes this filter.')).toBeVisible();
});

test('searches with a count, forwards and backwards, by keyboard', async ({ page, stage }) => {
  await openLog(page, stage);
  const search = page.getByRole('searchbox', { name: 'Search the log' });
  await search.fill('WARNING');
  // 17, 34 … 187, without those that are Twinspark's: none of them.
  await expect(page.getByText('0 of 11')).toBeVisible();
  await search.press('Enter');
  await expect(page.getByText('1 of 11')).toBeVisible();
  await expect(log(page).locator('.current')).toContainText('warning 17:');
  await search.press('Shift+Enter');
  await expect(page.getByText('11 of 11')).toBeVisible();
  await expect(log(page).locator('.current')).toContainText('warning 187:');
  await search.fill('nowhere to be found');
  await expect(page.getByText('not found')).toBeVisible();
});

test('is copied as shown and saved whole, older lines too', async ({ page, stage, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openLog(page, stage, history.logLines(0, 4000));
  await page.getByLabel('Which lines').selectOption('Standard error');
  await page.getByRole('button', { name: 'Copy the shown lines' }).click();
  await expect(page.getByText('Copied')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(
    copied
      .split('\n')
      .filter((line) => line !== '')
      .every((line) => line.includes('\tstderr\t')),
  ).toBe(true);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the log' }).click();
  const saved = await readFile(await (await download).path(), 'utf8');
  expect(saved.trimEnd().split('\n')).toHaveLength(4000);
  expect(saved).toContain(`\t${states.node2}\tstdout\t64 bytes from 192.168.100.11: icmp_seq=1 `);
});

test('shows escape sequences, markup and hidden characters as text', async ({ page, stage }) => {
  await openLog(page, stage, [
    {
      number: 0,
      time: states.at,
      node: states.node1,
      source: 'stdout',
      text: '\u001b]0;title\u0007\u001b[2J<b onclick="x">bold</b>\u202eevil\u0000',
      message: null,
    },
  ]);
  await expect(log(page).getByText('<b onclick="x">bold</b><U+202E>evil␀')).toBeVisible();
  expect(await log(page).locator('b').count()).toBe(0);
});

test('draws only what is in sight of 100,000 lines, also when they are searched and filtered', async ({
  page,
  stage,
}) => {
  test.setTimeout(180_000);
  await openLog(page, stage, history.logLines(0, 100));
  const total = 100_000;
  for (let at = 100; at < total; at += 500) {
    stage.log(history.logLines(at, Math.min(500, total - at)));
    // The next lines come when these have been drawn, as they would from a node.
    if (at % 10_000 === 100) await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  }
  await expect(page.getByText('100,000 lines')).toBeVisible({ timeout: 90_000 });
  await page.getByRole('searchbox').fill('warning');
  await expect(page.getByText(/^0 of 5,\d{3}$/)).toBeVisible({ timeout: 30_000 });
  await page.getByLabel('Whose lines').selectOption(states.node2);
  await expect(page.getByText('48,000 lines')).toBeVisible({ timeout: 30_000 });
  // What is drawn is what is in sight and a little around it.
  expect(await log(page).locator('.line').count()).toBeLessThan(80);
});
