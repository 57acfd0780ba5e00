import type { Page } from '@playwright/test';
import { connected } from './fixtures/nodes';
import { baseState } from './fixtures/state';
import { axe, shot } from './looks';
import { expect, test } from './terminals-test';
import type { Drawer, TerminalsDouble } from './terminals-double';

const background = 'rgb:1010/1313/1717';

async function parsed(terminals: TerminalsDouble): Promise<void> {
  await expect.poll(() => terminals.open(terminals.id('node1'))).toBe(0);
}

async function clickText(page: Page, drawer: Drawer, text: string): Promise<void> {
  const box = await drawer.screen('node1').getByText(text).first().boundingBox();
  await page.mouse.move((box?.x ?? 0) + 56, (box?.y ?? 0) + 6);
  await page.mouse.click((box?.x ?? 0) + 60, (box?.y ?? 0) + 6);
}

test.beforeEach(async ({ stage, drawer }) => {
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
});

test('a node cannot write or read the clipboard', async ({ page, context, terminals }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => navigator.clipboard.writeText('mine'));
  terminals.print(
    'node1',
    '\u001b]52;c;cm0gLXJmIC8K\u0007\u001b]52;c;?\u0007\u001b]52;p;cm0gLXJmIC8K\u001b\\',
  );
  await parsed(terminals);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
  expect(terminals.typed.node1).toBe('');
});

test('a node cannot change the colours that tell which node it is; asking for them is answered', async ({
  terminals,
}) => {
  const ask = '\u001b]11;?\u001b\\';
  terminals.print(
    'node1',
    '\u001b]11;#ff0000\u0007\u001b]10;#ff0000;#ff0000;#ff0000\u0007\u001b]12;red\u0007\u001b]4;1;#000000\u0007' +
      `\u001b]111\u0007\u001b]104\u0007${ask}\u001b]4;1;?\u0007\u001b]11;?;#00ff00\u0007${ask}`,
  );
  await parsed(terminals);
  await expect
    .poll(() => terminals.typed.node1)
    .toBe(
      `\u001b]11;${background}\u001b\\\u001b]4;1;rgb:f0f0/7171/6b6b\u001b\\\u001b]11;${background}\u001b\\`,
    );
});

test('a node is told nothing about the window, and cannot move or size it', async ({ stage, terminals }) => {
  const before = stage.questions.length;
  terminals.print('node1', '\u001b]2;id\r\u0007');
  for (const what of [1, 2, 3, 4, 5, 8, 9, 10, 11, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 40]) {
    terminals.print('node1', `\u001b[${what};30;30t`);
  }
  terminals.print('node1', '\u001b[?3h');
  await parsed(terminals);
  const asked = stage.questions.slice(before).map(({ method }) => method);
  expect(asked.filter((method) => method !== 'terminal.acknowledge')).toEqual([]);
});

test('no answer to a node holds its own text or a line end', async ({ terminals }) => {
  terminals.print(
    'node1',
    '\u001b]2;`id`\u0007\u001b[21t\u001b[c\u001b[>c\u001b[=c\u001b[5n\u001b[6n\u001b[?6n\u001b[?25$p' +
      '\u001bP$q`id`\r\u001b\\\u001bP$qm\u001b\\\u001bP+q6964\u001b\\\u0005\u001b]10;`id`\r\u0007\u001b]4;1;`id`\u0007\u001b_Gi=1;`id`\u001b\\',
  );
  await parsed(terminals);
  await expect.poll(() => terminals.typed.node1).toMatch(/\u001b\[\d+;\d+R/);
  expect(terminals.typed.node1).not.toMatch(/id|`|[\r\n]/);
});

test('thousands of questions at once are answered in few calls', async ({ stage, terminals }) => {
  terminals.print('node1', '\u001b[c'.repeat(20_000));
  await parsed(terminals);
  const calls = stage.questions.filter(({ method }) => method === 'terminal.write');
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.length).toBeLessThan(60);
});

test('titles and output are text', async ({ page, drawer, terminals }) => {
  const markup = '<img src=x onerror=alert(1)><script>alert(2)</script>';
  terminals.print('node1', `${markup}\r\n\u001b]0;${markup}\u202egpj.exe ${'x'.repeat(5000)}\u0007`);
  await expect(drawer.screen('node1')).toContainText(markup);
  const title = drawer.pane('node1').locator('.title');
  await expect(title).toContainText('<img src=x onerror=alert(1)><script>alert(2)</script><U+202E>gpj');
  expect(((await title.textContent()) ?? '').length).toBeLessThanOrEqual(80);
  await expect(page.locator('img, main script')).toHaveCount(0);
});

test('a web address is opened after it was shown and confirmed', async ({
  page,
  context,
  stage,
  drawer,
  terminals,
}) => {
  await context.route('https://example.org/**', (route) => route.fulfill({ body: 'there' }));
  terminals.print('node1', '\r\nsee https://example.org/a?b=c#d for more\r\n');
  await expect(drawer.screen('node1')).toContainText('for more');
  await clickText(page, drawer, 'see https://example.org');
  const dialog = page.getByRole('dialog', { name: 'Open this address?' });
  await expect(dialog.getByRole('group', { name: 'Address' })).toHaveText('https://example.org/a?b=c#d');
  await axe(page, stage);
  await shot(page, stage, 'terminals-link');
  const opening = context.waitForEvent('page');
  await dialog.getByRole('button', { name: 'Open in a new tab' }).click();
  const tab = await opening;
  await tab.waitForURL('https://example.org/a?b=c#d');
  expect(await tab.evaluate(() => window.opener === null && document.referrer === '')).toBe(true);
});

test('a link whose text says something else shows where it leads', async ({ page, drawer, terminals }) => {
  terminals.print('node1', '\u001b]8;;https://evil.example/x\u0007https://nvidia.com\u001b]8;;\u0007\r\n');
  await expect(drawer.screen('node1')).toContainText('https://nvidia.com');
  await clickText(page, drawer, 'https://nvidia.com');
  await expect(page.getByRole('group', { name: 'Address' })).toHaveText('https://evil.example/x');
});

test('a link of another scheme is no link', async ({ page, drawer, terminals }) => {
  terminals.print(
    'node1',
    '\u001b]8;;javascript:alert(1)\u0007first word\u001b]8;;\u0007\r\n\u001b]8;;file:///etc/passwd\u0007second word\u001b]8;;\u0007\r\n' +
      '\u001b]8;;https://nvidia.com@evil.example\u0007third word\u001b]8;;\u0007\r\n',
  );
  await expect(drawer.screen('node1')).toContainText('third word');
  await clickText(page, drawer, 'first word');
  await clickText(page, drawer, 'second word');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await clickText(page, drawer, 'third word');
  await expect(page.getByRole('dialog', { name: 'This link is not opened' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Open in a new tab' })).toHaveCount(0);
});

test('the desktop shows an address for copying and opens nothing', async ({
  page,
  stage,
  drawer,
  terminals,
}) => {
  stage.push('app', { ...baseState.app, host: 'desktop' });
  terminals.print('node1', '\r\nsee https://example.org/a for more\r\n');
  await expect(drawer.screen('node1')).toContainText('for more');
  await clickText(page, drawer, 'see https://example.org');
  await expect(page.getByRole('group', { name: 'Address' })).toHaveText('https://example.org/a');
  await expect(page.getByRole('button', { name: 'Open in a new tab' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Copy', exact: true })).toBeVisible();
});

test('marks piled on one character stay within bounds', async ({ drawer, terminals }) => {
  for (let times = 0; times < 20; times++) terminals.print('node1', '\u0301'.repeat(60_000));
  terminals.print('node1', '\r\nafter\r\n');
  await parsed(terminals);
  await expect(drawer.screen('node1')).toContainText('after');
  const text = (await drawer.screen('node1').textContent()) ?? '';
  expect(text.length).toBeLessThan(20_000);
});
