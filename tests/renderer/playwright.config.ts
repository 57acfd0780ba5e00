import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** Debian's Chromium where it is; elsewhere the one that Playwright has brought. */
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

/**
 * The window alone, without an engine: `npx playwright test --config tests/renderer/playwright.config.ts`.
 * `TWINSPARK_RENDERER` names a folder with a built window; without it the window is built first.
 */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/renderer',
  globalSetup: './build.ts',
  fullyParallel: true,
  workers: 2,
  // Upper bounds against a hang, on a busy machine too; nothing waits for them.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      // Root, as in a container, has no sandbox of Chromium's to use.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
});
