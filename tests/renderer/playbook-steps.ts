import type { Page } from '@playwright/test';

const places = {
  playbooks: 'Playbooks',
  checklist: 'Checklist',
  benchmarks: 'Benchmarks',
  runs: 'Runs',
  report: 'Report',
} as const;

/** Opens a view by its button at the left edge. */
export async function openView(page: Page, view: keyof typeof places): Promise<void> {
  await page.locator('nav').getByRole('button', { name: places[view] }).click();
}
