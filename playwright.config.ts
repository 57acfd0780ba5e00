import { existsSync } from 'node:fs';
import process from 'node:process';
import { defineConfig } from '@playwright/test';

/** Debian's Chromium, or another one by name; where there is neither, the one that Playwright has brought. */
const chromium = process.env['TWINSPARK_CHROMIUM'] ?? '/usr/bin/chromium';

/**
 * Tests in a real browser, against what `npm run build` has built:
 * `npx playwright test --project renderer` is the window alone, `--project e2e` all of Twinspark on its practice
 * pair, `--project electron` the desktop app where Electron's program is, `--project lab --no-deps` the same on two
 * real nodes.
 */
export default defineConfig({
  outputDir: 'test-results/artifacts',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  workers: 2,
  // A test that passes at the second try has found something.
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  // Upper bounds against a hang, on a busy machine too; nothing waits for them.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(existsSync(chromium) ? { executablePath: chromium } : {}),
      // Root, as in a container, has no sandbox of Chromium's to use; everybody else keeps it.
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
  projects: [
    { name: 'renderer', testDir: 'tests/renderer' },
    { name: 'e2e', testDir: 'tests/e2e', testIgnore: 'lab.spec.ts' },
    { name: 'electron', testDir: 'tests/electron' },
    // Bridges that come and go make Chromium break off what it is loading: nothing else runs at that time.
    {
      name: 'lab',
      testDir: 'tests/e2e',
      testMatch: 'lab.spec.ts',
      dependencies: ['renderer', 'e2e', 'electron'],
    },
  ],
});
