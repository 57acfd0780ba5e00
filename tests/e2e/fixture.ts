import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect, type BrowserContext } from '@playwright/test';
import { Words, type Catalogue, type Language } from '../../src-main/words/words';
import { serveTwinspark, type ServedTwinspark, type ServeOptions } from './server';
import { TwinsparkWindow } from './twinspark-window';

export { expect };

const locales = path.resolve(import.meta.dirname, '../../resources/locales');

export async function catalogue(language: Language): Promise<Catalogue> {
  return JSON.parse(await readFile(path.join(locales, `${language}.json`), 'utf8')) as Catalogue;
}

export async function wordsOf(language: Language): Promise<Words> {
  return new Words(language, await catalogue(language), await catalogue('en'));
}

interface Complaints {
  readonly texts: readonly string[];
  /** A window that loses its server complains, and rightly. */
  ignoreFromNowOn(): void;
}

interface Fixtures {
  /** What the browser may complain about in this file, because the test itself causes it. */
  tolerated: RegExp | null;
  /** A folder of this test's own, removed after it. */
  folder: string;
  /** Starts Twinspark; whatever still runs at the end is stopped, and has to stop well. */
  serve: (options?: ServeOptions) => Promise<ServedTwinspark>;
  /** Nothing that a page throws or complains about passes unseen. */
  complaints: Complaints;
  words: Words;
  /** The window in a tab of its own, empty until an address is opened in it. */
  twinspark: TwinsparkWindow;
}

export const test = base.extend<Fixtures>({
  tolerated: [null, { option: true }],

  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'twinspark-e2e-test-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },

  serve: async ({ folder, complaints }, use) => {
    const running: ServedTwinspark[] = [];
    await use(async (options = {}) => {
      const home = path.join(folder, 'home');
      const served = await serveTwinspark({ ...options, env: { HOME: home, ...options.env } });
      running.push(served);
      return served;
    });
    complaints.ignoreFromNowOn();
    const ends = await Promise.all(running.filter((one) => one.isRunning()).map((one) => one.stop()));
    expect(ends.filter((status) => status !== 0)).toEqual([]);
  },

  complaints: [
    async ({ context, tolerated }, use) => {
      const complaints = complaintsOf(context);
      await use(complaints);
      expect(complaints.texts.filter((text) => tolerated?.test(text) !== true)).toEqual([]);
    },
    { auto: true },
  ],

  words: async ({}, use) => use(await wordsOf('en')),

  twinspark: async ({ page, words }, use) => use(new TwinsparkWindow(page, words)),
});

function complaintsOf(context: BrowserContext): Complaints {
  const texts: string[] = [];
  let ignored = false;
  const note = (text: string) => {
    if (!ignored) texts.push(text);
  };
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) note(message.text());
  });
  context.on('weberror', (error) => note(error.error().stack ?? error.error().message));
  return { texts, ignoreFromNowOn: () => (ignored = true) };
}
