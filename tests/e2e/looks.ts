import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const screens = path.resolve(import.meta.dirname, '../../test-results/screens');

/**
 * What is shown now, in both themes as the computer would ask for them: no violation of WCAG 2.2 A and AA, and a picture in
 * `test-results/screens/e2e-NAME-{dark,light}.png`. Ends in the dark one.
 */
export async function look(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await page.evaluate(() => document.fonts.ready);
    const file = path.join(screens, `e2e-${name}-${theme}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
    expect.soft(told, `${name} ${theme}`).toEqual([]);
  }
}
