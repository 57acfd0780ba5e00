import type { Page } from '@playwright/test';
import { connected } from './fixtures/nodes';
import { expect, test } from './terminals-test';

const megabyte = 1024 * 1024;
/** Main stops above this, and has at most one piece more on its way. */
const window = 100_000 + 64 * 1024;

/** Tasks of the page's main thread above 50 ms, from now on. */
async function watchTasks(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      type: 'longtask',
    });
    Object.assign(globalThis, { tasks });
  });
  return () => page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
}

test('50 MB go through within the window of flow control, without long tasks', async ({
  page,
  stage,
  drawer,
  terminals,
}, info) => {
  test.setTimeout(120_000);
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  const longTasks = await watchTasks(page);
  const began = Date.now();
  const line =
    '\u001b[32mUp\u001b[0m 0123456789 the quick brown fox jumps over the lazy dog 한국어 0123456789\r\n';
  await terminals.flood('node1', Number(process.env['MB'] ?? 50) * megabyte, line);
  const seconds = (Date.now() - began) / 1000;
  const longest = Math.max(0, ...(await longTasks()));
  info.annotations.push({
    type: 'flood',
    description: `${(50 / seconds).toFixed(1)} MB/s, longest task ${longest} ms`,
  });
  console.log(`flood: ${(50 / seconds).toFixed(1)} MB/s, longest task ${longest} ms`);
  expect(terminals.mostOpen).toBeLessThanOrEqual(window);
  await expect.poll(() => terminals.open(terminals.id('node1'))).toBe(0);
  await expect(drawer.screen('node1')).toContainText('the quick brown fox');
});

test('Ctrl-C is sent at once during a flood', async ({ page, stage, drawer, terminals }) => {
  test.setTimeout(120_000);
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  const stopped = terminals.flood('node1', 2000 * megabyte, 'y\r\n');
  await drawer.field('node1').focus();
  await expect(drawer.screen('node1')).toContainText('y');
  const began = Date.now();
  await page.keyboard.press('Control+C');
  await stopped;
  expect(Date.now() - began).toBeLessThan(1000);
  terminals.print('node1', '^C\r\nnvidia@spark:~$ ');
  await expect(drawer.screen('node1')).toContainText('^C');
});

test('a hidden pane goes on being parsed, and holds no more than its scrollback', async ({
  page,
  stage,
  drawer,
  terminals,
}) => {
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node2')).toContainText('$');
  await page.getByRole('button', { name: 'Close terminals' }).click();
  await terminals.flood('node2', 2 * megabyte, 'line\r\n');
  await drawer.show();
  await expect(drawer.screen('node2')).toContainText('line');
});
