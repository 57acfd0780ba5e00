import { expect, type Locator, type Page } from '@playwright/test';

/** What has focus, and whether a person can see that it has. */
function focused(page: Page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const isMarked = (one: Element | null) => {
      if (!one) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
    };
    return {
      what: `${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent).trim()}"`,
      // A radio button of a group is drawn by the label around it.
      visible: element.matches(':focus-visible') && (isMarked(element) || isMarked(element.closest('label'))),
    };
  });
}

/** More stops than any view has. */
const mostStops = 60;

/** Presses Tab until a control has focus; at each stop on the way focus is visible. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeEnabled({ timeout: 60_000 });
  for (let stop = 0; stop < mostStops; stop++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    // Past the last control, focus is with the browser for one stop.
    if (now) expect(now).toMatchObject({ visible: true });
    if (await control.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`not reached with Tab: ${control.toString()}`);
}

export async function pressOn(page: Page, control: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press(key);
}
