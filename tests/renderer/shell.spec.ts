import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { root } from './build';
import { connected, found, hostKeyPrompt, practice } from './fixtures/nodes';
import { axe, shot } from './looks';
import { expect, test } from './stage';

test('shows both nodes and the cable between them in the header', async ({ page, stage }) => {
  await stage.open(connected);
  const header = page.locator('header').first();
  await expect(header.getByText('spark-5c2d')).toBeVisible();
  await expect(header.getByText('0.5 ms')).toBeVisible();
  await expect(header.getByRole('img', { name: 'half A up, half B up' })).toBeVisible();
  stage.push('pulse', { node1: 12.34, node2: null });
  await expect(header.getByText('12.3 ms')).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'shell-connected');
});

test('takes a new snapshot when a change is missing', async ({ page, stage }) => {
  await stage.open(connected);
  stage.changeUntold('pulse', { node1: 7, node2: 8 });
  stage.push('runs', []);
  await expect(page.getByText('7 ms')).toBeVisible();
});

test('says that main is away, and goes on where it was when it is back', async ({ page, stage }) => {
  await stage.open(connected);
  await stage.drop();
  await expect(page.getByText('Twinspark does not answer, trying again…')).toBeVisible();
  await expect(page.getByText('0.5 ms')).toBeVisible();
  stage.changeUntold('pulse', { node1: 7, node2: 8 });
  stage.comeBack();
  await expect(page.getByText('8 ms')).toBeVisible();
  await expect(page.getByText('Twinspark does not answer, trying again…')).toBeHidden();
});

test('says how to get in when main does not know this window', async ({ page, stage, troubles }) => {
  await page.route('**/session', (route) => route.fulfill({ status: 403, json: { reason: 'used' } }));
  await stage.start();
  await expect(page.getByRole('alert')).toContainText('Open the address again that the terminal printed');
  troubles.splice(0);
});

test('takes the token out of the address and gives it once', async ({ page, stage, windowServer }) => {
  const bodies: string[] = [];
  await page.route('**/session', (route) => {
    bodies.push(route.request().postData() ?? '');
    return route.fulfill({ status: 204 });
  });
  await stage.open(connected);
  await page.goto('about:blank');
  await page.goto(`${windowServer.address}#token=secret-token_1`);
  await expect(page.getByText('0.5 ms')).toBeVisible();
  expect(page.url()).toBe(windowServer.address);
  expect(bodies).toEqual(['{}', '{"token":"secret-token_1"}']);
  await page.goBack();
  await page.goForward();
  expect(page.url()).toBe(windowServer.address);
});

test('Back leads to the view before', async ({ page, stage }) => {
  await stage.open(connected);
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Both nodes are connected');
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
});

test.describe('a view whose loading is broken off', () => {
  /** Breaks off what loads the settings view as long as `until` says so. */
  async function breakOff(page: Page, until: (request: number) => boolean): Promise<void> {
    let request = 0;
    await page.route('**/assets/settings-view*.js', async (route) => {
      request += 1;
      if (until(request)) await route.abort('internetdisconnected');
      else await route.continue();
    });
  }
  const theme = (page: Page) => page.getByRole('main').getByText('Theme', { exact: true });

  test('is loaded once more', async ({ page, stage, troubles }) => {
    await stage.open(connected);
    // It is asked for twice in one go: beforehand, and by what imports it.
    await breakOff(page, (request) => request <= 2);
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(theme(page)).toBeVisible();
    await expect(page.getByRole('alert')).toBeHidden();
    expect(troubles.splice(0).join()).toContain('ERR_INTERNET_DISCONNECTED');
  });

  test('says so, and is loaded on demand', async ({ page, stage, troubles }) => {
    await stage.open(connected);
    let away = true;
    await breakOff(page, () => away);
    await page.getByRole('button', { name: 'Settings' }).click();
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('This view could not be loaded');
    await axe(page, stage);
    await shot(page, stage, 'shell-not-loaded');
    away = false;
    await alert.getByRole('button', { name: 'Load it again' }).click();
    await expect(theme(page)).toBeVisible();
    await expect(alert).toBeHidden();
    expect(troubles.splice(0).join()).toContain('ERR_INTERNET_DISCONNECTED');
  });
});

test('a view that cannot be opened yet says what is missing', async ({ page, stage }) => {
  await stage.open();
  const checklist = page.getByRole('button', { name: 'Checklist' });
  await checklist.hover();
  await expect(page.getByText('Checklist: choose a playbook first')).toBeVisible();
  // As a person would, whom nothing holds back from clicking.
  await checklist.click({ force: true });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose your two Sparks');
});

test('everything is reached and seen by keyboard alone', async ({ page, stage }) => {
  await stage.open(found);
  const seen: string[] = [];
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return null;
      const marked = element.closest('label') ?? element;
      const visible = [element, marked].some((one) => getComputedStyle(one).outlineStyle !== 'none');
      return { name: element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 30), visible };
    });
    if (focus === null) break;
    expect(focus.visible, `focus ring of ${focus.name}`).toBe(true);
    seen.push(focus.name);
  }
  expect(seen.join('\n')).toContain('Settings');
  expect(seen.join('\n')).toContain('Find my Sparks');
  expect(seen.join('\n')).toContain('lab-spark');
});

test('every visible word is in the catalogue', async ({ page, stage }) => {
  for (const language of ['en', 'ko'] as const) {
    const file = path.join(root, `resources/locales/${language}.json`);
    const texts = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
    // A sentence with parameters is known by its longest plain part.
    const parts = new Set(texts.flatMap((text) => text.split(/[{}#]/)).map((part) => part.trim()));
    const settings = { ...stage.state.settings, language };
    const untold: string[] = [];
    for (const slices of [found, connected, practice, { ...connected, prompts: [hostKeyPrompt] }]) {
      await stage.open({ ...slices, settings });
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect(page.locator('nav')).toHaveAttribute('aria-label', language === 'ko' ? '화면' : 'Views');
      await page.getByRole('heading').first().waitFor();
      const shown = await page.evaluate(() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found: string[] = [];
        while (walker.nextNode()) {
          const parent = walker.currentNode.parentElement;
          // What nodes say of themselves is theirs; it stands in these.
          if (parent?.closest('td, .mono, .node, .machine, pre, strong, option, small') !== null) continue;
          const text = walker.currentNode.textContent?.trim() ?? '';
          if (/\p{L}/u.test(text)) found.push(text);
        }
        return found;
      });
      expect(shown.length).toBeGreaterThan(10);
      const known = (text: string) => [...parts].some((part) => part.length > 3 && text.includes(part));
      untold.push(...shown.filter((text) => !parts.has(text.replace(/[\d.]+/g, '').trim()) && !known(text)));
    }
    expect(untold).toEqual([]);
  }
});
