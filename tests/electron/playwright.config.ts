import { defineConfig } from '@playwright/test';

/** The built desktop app, where Electron's binary is: `npx playwright test --config tests/electron/playwright.config.ts`. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  workers: 1,
  forbidOnly: true,
  timeout: 60_000,
  outputDir: '../../test-results/electron',
});
