import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { root } from './build';
import type { Stage } from './stage';

const wide = { width: 1280, height: 800 };
const narrow = { width: 960, height: 640 };

/**
 * Pictures of what is shown now, in `test-results/screens/NAME-{dark,light,narrow,ko}.png`; the window is left as it was
 * found.
 */
export async function shot(page: Page, stage: Stage, name: string): Promise<void> {
  const { settings } = stage.state;
  const take = async (variant: string) => {
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({
      path: path.join(root, 'test-results/screens', `${name}-${variant}.png`),
      animations: 'disabled',
    });
  };
  const shows = async (changes: Partial<typeof settings>) => {
    const next = { ...settings, language: 'en' as const, theme: 'dark' as const, ...changes };
    stage.push('settings', next);
    await expect(page.locator('html')).toHaveAttribute('data-theme', next.theme);
    await expect(page.locator('html')).toHaveAttribute('lang', next.language);
    if (next.language === 'ko') await expect(page.locator('nav')).toHaveAttribute('aria-label', '화면');
  };
  await page.setViewportSize(wide);
  await shows({});
  await take('dark');
  await shows({ theme: 'light' });
  await take('light');
  await page.setViewportSize(narrow);
  await shows({});
  await take('narrow');
  await page.setViewportSize(wide);
  await shows({ language: 'ko' });
  await take('ko');
  stage.push('settings', settings);
}

/** No violation of WCAG 2.2 A and AA in what is shown, in both themes. */
export async function axe(page: Page, stage: Stage): Promise<void> {
  const { settings } = stage.state;
  for (const theme of ['dark', 'light'] as const) {
    stage.push('settings', { ...settings, theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
    expect(told, theme).toEqual([]);
  }
  stage.push('settings', settings);
}
