import type { Page } from '@playwright/test';

/** Counts what the page itself sees as clicks of a person, from now on. @returns the count so far */
export async function clicksOf(page: Page): Promise<() => number> {
  let count = 0;
  await page.exposeFunction('clicked', () => {
    count++;
  });
  await page.addInitScript(() => {
    const told = window as unknown as { clicked: () => void };
    window.addEventListener('click', (event) => event.isTrusted && told.clicked(), { capture: true });
  });
  return () => count;
}
