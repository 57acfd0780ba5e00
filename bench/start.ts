import { serveTwinspark } from '../tests/e2e/server';
import { launchBrowser } from './browser';
import { median, report } from './report';

/*
 * From `twinspark serve` to a window that can be used: the process, then the page in a browser that is already running.
 */

const rounds = 7;
const browser = await launchBrowser();
const served: number[] = [];
const usable: number[] = [];
for (let round = 0; round < rounds; round++) {
  const began = performance.now();
  const server = await serveTwinspark({ practice: false });
  served.push(performance.now() - began);
  const page = await (await browser.newContext()).newPage();
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Find my Sparks' }).click({ trial: true });
  usable.push(performance.now() - began);
  await page.context().close();
  await server.stop();
}
await browser.close();
report('start of the browser version', [
  ['the server can be opened, ms', median(served)],
  ['the window can be used, ms (aim < 1500)', median(usable)],
]);
