import path from 'node:path';
import process from 'node:process';
import { App } from '../src-main/app/app';
import type { EngineEvent } from '../src-main/contract/events';
import { startWebServer } from '../src-main/hosts/web/server';
import { partsOf } from '../tests/unit/app/parts';
import { LocalPair, playbookOf } from '../tests/unit/core/engine/local-pair';
import { heapOf, launchBrowser, watchTasks } from './browser';
import { report } from './report';

/*
 * An hour of a busy log (300 lines a second) through main, the server and the window: what both hold afterwards must
 * not depend on how long it went on.
 */

const lines = 300 * 3600;
const batch = 1000;

const pair = await LocalPair.make();
let tell: (event: EngineEvent) => void = () => undefined;
const parts = partsOf(pair, playbookOf([]));
const app = await App.start({
  ...parts,
  engine: (wiring) => {
    tell = wiring.listener;
    return parts.engine(wiring);
  },
});
const files = path.resolve(import.meta.dirname, '../dist/renderer');
const server = await startWebServer({ app, files });
const browser = await launchBrowser();
const page = await browser.newPage();
await page.goto(server.url);
await page.locator('nav').waitFor();

const rss = () => process.memoryUsage.rss() / 1024 ** 2;
const before = { main: rss(), window: await heapOf(page) };
const tasks = await watchTasks(page);
const half = { main: 0, window: 0 };
const began = performance.now();
for (let n = 0; n < lines; n++) {
  const text = `line ${n}: downloading, building, measuring and telling about it at some length`;
  tell({ type: 'log', time: Date.now(), node: n % 2 ? 'spark-1' : 'spark-2', stream: 'stdout', text });
  // The window takes them at its own pace: a page that answers has taken what was sent before.
  if (n % batch === 0) await new Promise((resolve) => setImmediate(resolve));
  if (n % (50 * batch) === 0) await page.evaluate(() => 0);
  if (n === lines / 2) Object.assign(half, { main: rss(), window: await heapOf(page) });
}
await page.evaluate(() => 0);
const seconds = (performance.now() - began) / 1000;
const after = { main: rss(), window: await heapOf(page) };
report(`${lines} log lines`, [
  ['lines a second', lines / seconds],
  ['main before, MiB', before.main],
  ['main after half of them, MiB', half.main],
  ['main after all of them, MiB', after.main],
  ['window before, MiB', before.window],
  ['window after half of them, MiB', half.window],
  ['window after all of them, MiB', after.window],
  ['longest task of the window, ms', Math.max(0, ...(await tasks()))],
]);
await browser.close();
await server.close();
await app.close();
await pair.clean();
