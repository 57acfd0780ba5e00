import type { Page } from '@playwright/test';
import { catalogue } from './fixture';

/**
 * What a Korean window shows or tells a screen reader in the English of the catalogue: whole lines that are an English
 * entry, and pieces of entries with parameters.
 */
export async function englishIn(page: Page): Promise<string[]> {
  const [english, korean] = [await catalogue('en'), await catalogue('ko')];
  const same = new Set(Object.values(korean));
  const entries = Object.values(english).filter((text) => !same.has(text));
  const whole = new Set(entries.filter((text) => !text.includes('{')));
  // Of what has parameters: the words between them, where they are enough to be told from chance.
  const pieces = entries
    .filter((text) => text.includes('{') && !/, (plural|select),/.test(text))
    .flatMap((text) => text.split(/\{\w+\}/))
    .map((piece) => piece.trim())
    .filter((piece) => piece.length > 12 && piece.includes(' '));
  const lines = await page.evaluate(() => {
    const told = ['aria-label', 'title', 'placeholder', 'alt'].flatMap((name) =>
      [...document.querySelectorAll(`[${name}]`)].map((element) => element.getAttribute(name) ?? ''),
    );
    return [...document.body.innerText.split('\n'), ...told].map((line) => line.trim());
  });
  return lines.filter((line) => whole.has(line) || pieces.some((piece) => line.includes(piece)));
}
