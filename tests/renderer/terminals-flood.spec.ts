import { expect, test as base } from '@playwright/test';
import { highWater } from '../../src-main/app/terminals/flow';
import { Drawer } from './terminals-double';
import { serveTerminals, type FloodShell, type ServedTerminals } from './terminals-main';

const megabyte = 1024 * 1024;
/** Main stops above its high water; a chunk and what was waiting to be joined may be on their way already. */
const mostOnTheWay = highWater + 2 * 64 * 1024;
const line =
  '\u001b[32mUp\u001b[0m 0123456789 the quick brown fox jumps over the lazy dog 한국어 0123456789\r\n';

const test = base.extend<{ served: ServedTerminals; drawer: Drawer }>({
  served: async ({}, use) => {
    const served = await serveTerminals();
    await use(served);
    await served.close();
  },
  drawer: async ({ page, served }, use) => {
    await page.goto(served.url);
    const drawer = new Drawer(page, served);
    await drawer.show();
    await expect(drawer.screen('node1')).toContainText('$');
    await expect(drawer.screen('node2')).toContainText('$');
    await use(drawer);
  },
});

function shell({ shells }: ServedTerminals, index = 0): FloodShell {
  const found = shells[index];
  if (found === undefined) throw new Error(`no shell ${index}`);
  return found;
}

test('50 MB go through within the window of flow control', async ({ served, drawer }) => {
  test.setTimeout(120_000);
  await shell(served).flood(50 * megabyte, line);
  await expect(drawer.screen('node1')).toContainText('the quick brown fox');
  expect(served.mostOpen()).toBeLessThanOrEqual(mostOnTheWay);
});

test('Ctrl-C gets through during a flood, and what follows is soon shown', async ({
  page,
  served,
  drawer,
}) => {
  const flooding = shell(served).flood(10_000 * megabyte, 'y\r\n');
  await drawer.field('node1').focus();
  await expect.poll(() => shell(served).printed).toBeGreaterThan(megabyte);
  const began = Date.now();
  await page.keyboard.press('Control+C');
  await flooding;
  await expect(drawer.screen('node1')).toContainText('^C');
  expect(Date.now() - began).toBeLessThan(1000);
});

test('a hidden pane goes on being parsed, and holds no more than its scrollback', async ({
  page,
  served,
  drawer,
}) => {
  await page.getByRole('button', { name: 'Close terminals' }).click();
  await shell(served, 1).flood(5 * megabyte, 'line\r\n');
  await drawer.show();
  await expect(drawer.screen('node2')).toContainText('line');
});
