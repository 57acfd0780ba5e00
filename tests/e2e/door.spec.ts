import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type Page } from '@playwright/test';
import { serveTwinspark, type ServedTwinspark } from './server';

let served: ServedTwinspark;

test.beforeAll(async () => {
  served = await serveTwinspark();
});

test.afterAll(async () => {
  expect(await served.stop()).toBe(0);
});

/** What the browser complains about: a breach of the content security policy is told there. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

test('a browser comes in once, stays in, and nobody else does', async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(served.url);
  await expect(page.getByText('spark-a1f0').first()).toBeVisible();
  // The token does not stay in the address, where a bookmark would keep it.
  expect(page.url()).toBe(served.address);
  expect(complaints).toEqual([]);

  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ name: `twinspark-${served.port}`, httpOnly: true, sameSite: 'Strict' });
  expect(await page.evaluate(() => document.cookie)).toBe('');

  const tab = await context.newPage();
  await tab.goto(served.address);
  await expect(tab.getByText('spark-a1f0').first()).toBeVisible();

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(served.url);
  await expect(stranger.getByText('spark-a1f0')).toHaveCount(0);
  const status = await stranger.evaluate(async () => (await fetch('api')).status);
  expect(status).toBe(401);
});

test('a page of another origin gets nothing, though the browser has the cookie', async ({ browser }) => {
  // Another program of this computer with a page of its own: the same site, so that the browser sends the cookie along.
  const cookies: string[] = [];
  const evil = createServer(({ headers }, response) => {
    cookies.push(headers.cookie ?? '');
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>evil</title>');
  });
  await once(evil.listen(0, '127.0.0.1'), 'listening');
  const other = await serveTwinspark({ practice: false });
  try {
    const context = await browser.newContext();
    const own = await context.newPage();
    const entered = own.waitForResponse(`${other.address}session`);
    await own.goto(other.url);
    expect((await entered).status()).toBe(200);
    const key = await own.evaluate(() => localStorage.getItem('twinspark.key') ?? '');
    const icon = await own.evaluate(
      () => document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '',
    );
    expect(await reach(own, other.address, icon, key)).toEqual({
      socket: 'reached',
      page: 'reached',
      image: 'reached',
    });

    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
    // This is why the cookie alone is not enough; the key, which is, stays with our page.
    expect(cookies[0]).toContain(`twinspark-${other.port}=`);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    expect(await reach(page, other.address, icon, key)).toEqual({
      socket: 'refused',
      page: 'refused',
      image: 'refused',
    });
  } finally {
    await other.stop();
    evil.close();
    evil.closeAllConnections();
  }
});

/** Tries from a page what a page can try. */
function reach(page: Page, address: string, icon: string, sessionKey: string) {
  return page.evaluate(
    async ([base, picture, key]) => {
      const outcome = (target: EventTarget, good: string) =>
        new Promise<string>((resolve) => {
          target.addEventListener(good, () => resolve('reached'));
          target.addEventListener('error', () => resolve('refused'));
        });
      const image = new Image();
      const shown = outcome(image, 'load');
      image.src = picture;
      return {
        socket: await outcome(new WebSocket(`${base.replace('http', 'ws')}api?key=${key}`), 'open'),
        page: await fetch(base, { credentials: 'include' }).then(
          () => 'reached',
          () => 'refused',
        ),
        image: await shown,
      };
    },
    [address, icon, sessionKey] as const,
  );
}
