import { existsSync } from 'node:fs';
import process from 'node:process';
import { chromium, type Browser, type Page } from '@playwright/test';

/** The browser that the tests use. */
export function launchBrowser(): Promise<Browser> {
  const program = process.env['TWINSPARK_CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({
    ...(existsSync(program) ? { executablePath: program } : {}),
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/** Megabytes of JavaScript objects that the page holds, after what can go has gone. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1024 ** 2;
}

/** Keeps the lengths of the page's tasks above 50 ms, in ms; the returned function gives them. */
export async function watchTasks(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask' });
    Object.assign(globalThis, { tasks });
  });
  return () => page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
}
