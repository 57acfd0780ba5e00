import type { Locator } from '@playwright/test';
import { clicksOf } from './clicks';
import { expect, test, wordsOf } from './fixture';
import { tabTo, pressOn } from './keyboard';
import { englishIn } from './languages';
import { longMs, TwinsparkWindow } from './twinspark-window';

test.setTimeout(150_000);

/** What the plan shows, stage by stage, as a person reads it; leaves the last stage open. */
async function planOf(twinspark: TwinsparkWindow): Promise<string[]> {
  const shown: string[] = [];
  for (const row of await twinspark.stages.all()) {
    await row.click();
    await expect(row).toHaveAttribute('aria-current', 'step');
    shown.push(await twinspark.page.getByRole('article').innerText());
  }
  expect(shown).not.toEqual([]);
  return shown;
}

async function noteOf(row: Locator): Promise<string> {
  return (await row.locator('small').innerText()).trim();
}

test('a newcomer: opened, joined, proven; and taken back with two clicks', async ({
  serve,
  twinspark,
  context,
}) => {
  const { page } = twinspark;
  const clicks = await clicksOf(page);
  const served = await serve({ practice: false });
  const begun = Date.now();
  await twinspark.enter(served.url);
  await twinspark.button('window.practice.start').click();
  await twinspark.openPlaybook();
  const changes = await twinspark.planned();
  expect(changes).toBeGreaterThan(5);

  // Read in another tab: what it costs to read all of it is not counted.
  const reader = new TwinsparkWindow(await context.newPage(), twinspark.words);
  await reader.enter(served.address);
  await reader.view('checklist').click();
  expect(await reader.planned()).toBe(changes);
  const planned = await planOf(reader);

  await twinspark.apply.click();
  await twinspark.expectVerified(changes);
  for (const row of await twinspark.stages.all())
    expect(['done', 'already in place']).toContain(await noteOf(row));
  const proof = page.getByRole('article');
  await expect(proof.getByRole('listitem').filter({ hasText: 'logs in to' })).toHaveCount(2);
  expect(clicks()).toBeLessThanOrEqual(8);
  expect(Date.now() - begun).toBeLessThan(120_000);

  const before = clicks();
  await twinspark.rollBack(changes);
  expect(clicks() - before).toBe(2);
  const notes = await Promise.all((await twinspark.stages.all()).map(noteOf));
  expect(notes).not.toContain('done');
  expect(notes.filter((note) => note === 'taken back')).toHaveLength(2);
  await expect(twinspark.button('window.playbook.roll-back-all')).toBeDisabled();

  await twinspark.button('window.rollback.plan').click();
  expect(await twinspark.planned()).toBe(changes);
  expect(await planOf(twinspark)).toEqual(planned);

  await twinspark.view('runs').click();
  const run = page.getByRole('list', { name: twinspark.say('window.runs.list') }).getByRole('listitem');
  await expect(run).toHaveCount(1);
  await expect(run).toContainText(twinspark.say('window.runs.status.rolled-back'));
});

test('the same in Korean, without a word of English', async ({ serve, page }) => {
  const twinspark = new TwinsparkWindow(page, await wordsOf('ko'));
  const served = await serve({ practice: false, env: { LANG: 'ko_KR.UTF-8' } });
  const isKorean = async () => expect(await englishIn(page)).toEqual([]);

  await twinspark.enter(served.url);
  await expect(twinspark.button('window.practice.start')).toBeVisible();
  await isKorean();
  await twinspark.button('window.practice.start').click();
  await expect(twinspark.heading('window.nodes.pair.connected.title')).toBeVisible({ timeout: longMs });
  await isKorean();
  await twinspark.button('window.nodes.to-playbooks').click();
  await expect(twinspark.button('window.playbook.choose.open').first()).toBeVisible();
  await isKorean();
  await twinspark.button('window.playbook.choose.open').first().click();
  const changes = await twinspark.planned();
  for (const row of await twinspark.stages.all()) {
    await row.click();
    await isKorean();
  }
  await twinspark.apply.click();
  await twinspark.expectVerified(changes);
  await isKorean();
  await twinspark.button('window.log.show').click();
  await isKorean();
  await twinspark.rollBack(changes);
  await isKorean();
  for (const view of ['runs', 'settings'] as const) {
    await twinspark.view(view).click();
    await expect(twinspark.view(view)).toHaveAttribute('aria-current', 'page');
    await isKorean();
  }
  await twinspark.button('window.practice.faults', { count: 0 }).click();
  await expect(twinspark.dialog).toBeVisible();
  await isKorean();
});

test('the same by keyboard alone, with focus always in sight', async ({ serve, twinspark }) => {
  const { page } = twinspark;
  const served = await serve({ practice: false });
  await twinspark.enter(served.url);
  await pressOn(page, twinspark.button('window.practice.start'));
  await pressOn(page, twinspark.button('window.nodes.to-playbooks'), 'Space');
  await pressOn(page, twinspark.button('window.playbook.choose.open').first());

  // The list of stages is one stop; arrows go through it.
  const changes = await twinspark.planned();
  await tabTo(page, page.locator('button.row[aria-current=step]'));
  await page.keyboard.press('End');
  await expect(twinspark.stages.last()).toBeFocused();
  await page.keyboard.press('Home');
  await expect(twinspark.stages.first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(twinspark.stages.nth(1)).toBeFocused();
  await expect(twinspark.stages.nth(1)).toHaveAttribute('aria-current', 'step');

  await pressOn(page, twinspark.apply);
  await twinspark.expectVerified(changes);
  await pressOn(page, twinspark.button('window.playbook.roll-back-all'));
  // A question that takes something away begins at the harmless answer, and Escape is one.
  await expect(twinspark.button('window.rollback.keep')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(twinspark.dialog).toHaveCount(0);
  await expect(twinspark.button('window.playbook.roll-back-all')).toBeFocused();
  await page.keyboard.press('Enter');
  await pressOn(page, twinspark.button('window.rollback.confirm', { count: changes }));
  await twinspark.expectRolledBack(changes);
});
