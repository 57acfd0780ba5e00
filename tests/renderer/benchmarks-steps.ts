import type { Page } from '@playwright/test';
import type { BenchListed, BenchRecord } from '../../src-main/contract/bench-record';
import { connected } from './fixtures/nodes';
import { openView } from './playbook-steps';
import type { Stage } from './stage';

/** Opens the history with these lines; main knows these measurements. */
export async function openHistory(
  page: Page,
  stage: Stage,
  history: readonly BenchListed[],
  records: readonly BenchRecord[],
): Promise<void> {
  stage.answer('bench.show', ({ id }) => {
    const known = records.find((one) => one.id === id);
    return known ?? { failure: { code: 'BAD_REQUEST', params: { reason: id } } };
  });
  await stage.open({ ...connected, history: [...history] });
  await openView(page, 'benchmarks');
  await page.getByRole('tab', { name: /History/ }).click();
}

/** The rows of the history, as they are drawn now. */
export function historyRows(page: Page) {
  return page.getByRole('list', { name: 'Results, newest first' });
}

/** Opens one line of the history. */
export async function openRecord(page: Page, index: number): Promise<void> {
  await historyRows(page).locator(`[data-index="${index}"]`).getByRole('button').click();
}
