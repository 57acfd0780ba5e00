import type { Slices } from '../../src-main/contract/slices';
import { connected, nodeCard } from './fixtures/nodes';
import { baseState } from './fixtures/state';
import { axe, shot } from './looks';
import { terminalView } from './terminals-double';
import { expect, test } from './terminals-test';

const withLocal: Partial<Slices> = { ...connected, app: { ...baseState.app, localTerminal: true } };

test('opens a shell on each connected node when the drawer is first shown, with the size of its pane', async ({
  page,
  stage,
  terminals,
  drawer,
}) => {
  await stage.open(connected);
  expect(stage.questions.filter(({ method }) => method.startsWith('terminal.'))).toEqual([]);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('nvidia@spark:~$');
  await expect(drawer.screen('node2')).toContainText('nvidia@spark:~$');
  const opened = stage.questions.filter(({ method }) => method === 'terminal.open');
  expect(opened).toHaveLength(2);
  await drawer.field('node1').focus();
  await page.keyboard.type('ip -j addr');
  await page.keyboard.press('Enter');
  await expect.poll(() => terminals.typed.node1).toBe('ip -j addr\r');
  expect(terminals.typed.node2).toBe('');
  await drawer.show();
  await expect(drawer.pane('node1')).toBeHidden();
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('nvidia@spark:~$');
  expect(stage.questions.filter(({ method }) => method === 'terminal.open')).toHaveLength(2);
});

test('tells the new size when it changes, and only then', async ({ page, stage, terminals, drawer }) => {
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  const resizes = () =>
    stage.questions.flatMap(({ method, params }) =>
      method === 'terminal.resize' && params.id === terminals.id('node1') ? [params] : [],
    );
  expect(resizes()).toEqual([]);
  const edge = page.getByRole('separator');
  await edge.focus();
  for (let times = 0; times < 4; times++) await page.keyboard.press('ArrowUp');
  await expect.poll(() => resizes().length).toBeGreaterThan(0);
  const taller = resizes().at(-1);
  await page.setViewportSize({ width: 1500, height: 800 });
  await expect.poll(() => resizes().at(-1)?.columns ?? 0).toBeGreaterThan(taller?.columns ?? 0);
  const sizes = resizes().map(({ columns, rows }) => `${columns}x${rows}`);
  expect(sizes.filter((size, index) => size === sizes[index - 1])).toEqual([]);
});

test('says when the connection is lost, beside the output, and opens again', async ({
  page,
  stage,
  terminals,
  drawer,
}) => {
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  // A full-screen program was running, the mouse taken, pastes bracketed.
  terminals.print('node1', 'kept\r\n\u001b[?1000h\u001b[?2004h\u001b[?25l\u001b[31mhalf a line');
  terminals.end('node1', { kind: 'lost', code: null, failure: null });
  await expect(drawer.pane('node1').getByText('The connection to spark-5c2d was lost.')).toBeVisible();
  await drawer.field('node1').focus();
  await page.keyboard.type('x');
  const again = drawer.pane('node1').getByRole('button', { name: 'Reconnect' }).last();
  await again.click();
  await expect(drawer.pane('node1').getByText('The connection to')).toHaveCount(0);
  const rows = drawer.screen('node1').locator('div');
  await expect(rows.nth(1)).toHaveText(/half a line/);
  await expect(rows.nth(2)).toHaveText(/nvidia@spark:~\$/);
  expect(terminals.typed.node1).toBe('');
  await drawer.paste('node1', 'a\nb');
  await expect(page.getByRole('dialog')).toContainText('2 lines');
});

test('connects the pair first when the node is gone, then opens', async ({ stage, terminals, drawer }) => {
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  terminals.end('node1', { kind: 'lost', code: null, failure: null });
  stage.push('pair', {
    practice: false,
    nodes: [nodeCard('node1', { state: 'lost' }), nodeCard('node2')],
  });
  await drawer.pane('node1').getByRole('button', { name: 'Reconnect' }).last().click();
  await stage.asked('pair.connect', {});
  expect(stage.questions.filter(({ method }) => method === 'terminal.reopen')).toEqual([]);
  stage.push('pair', { practice: false, nodes: [nodeCard('node1'), nodeCard('node2')] });
  await expect
    .poll(() => stage.questions.filter(({ method }) => method === 'terminal.reopen').length)
    .toBe(1);
  await expect(drawer.pane('node1').getByText('The connection to')).toHaveCount(0);
});

test('says why a terminal could not be opened, in words', async ({ stage, drawer }) => {
  stage.answer('terminal.open', () => ({ failure: { code: 'TERMINAL_LIMIT', params: { limit: 8 } } }));
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.pane('node1').getByRole('alert')).toContainText('No more terminals can be opened');
  await drawer.pane('node1').getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => stage.questions.filter(({ method }) => method === 'terminal.open').length).toBe(3);
});

test('goes back to a shell that an earlier window has opened, and has it draw its line again', async ({
  stage,
  terminals,
  drawer,
}) => {
  const earlier = { ...terminalView('terminal-7', 'node1'), state: 'open', opened: 1 } as const;
  terminals.has(earlier);
  await stage.open({ ...connected, terminals: [earlier] });
  await drawer.show();
  await expect
    .poll(
      () =>
        stage.questions.filter(
          ({ method, params }) => method === 'terminal.resize' && params.id === 'terminal-7',
        ).length,
    )
    .toBe(2);
  await expect(drawer.screen('node2')).toContainText('$');
  const opened = stage.questions.flatMap(({ method, params }) =>
    method === 'terminal.open' ? [params.target] : [],
  );
  expect(opened).toEqual(['node2']);
});

test('asks before several lines are pasted, and lists them', async ({ page, stage, terminals, drawer }) => {
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node2')).toContainText('$');
  await drawer.field('node2').focus();
  await drawer.paste('node2', 'one line');
  await expect.poll(() => terminals.typed.node2).toBe('one line');
  await drawer.paste('node2', 'echo a\nrm -rf x\u001b[201~\n');
  const dialog = page.getByRole('dialog', { name: 'Paste 2 lines into spark-bd26?' });
  await expect(dialog.getByRole('group', { name: 'Lines to paste' })).toHaveText('echo a\nrm -rf x[201~');
  await axe(page, stage);
  await shot(page, stage, 'terminals-paste');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(terminals.typed.node2).toBe('one line');
  await expect(drawer.field('node2')).toBeFocused();
  await drawer.paste('node2', 'echo a\necho b\n');
  await page.getByRole('button', { name: 'Paste and run' }).click();
  await expect.poll(() => terminals.typed.node2).toBe('one lineecho a\recho b\r');
  terminals.print('node2', '\u001b[?2004h');
  await expect.poll(() => terminals.open(terminals.id('node2'))).toBe(0);
  await drawer.paste('node2', 'c\nd');
  await expect.poll(() => terminals.typed.node2.endsWith('\u001b[200~c\rd\u001b[201~')).toBe(true);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('searches what was printed, forwards and back, with a count', async ({
  page,
  stage,
  terminals,
  drawer,
}) => {
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  const lines = Array.from(
    { length: 300 },
    (_, index) => `line ${index} ${index % 100 === 7 ? 'needle' : 'hay'}`,
  );
  terminals.print('node1', `${lines.join('\r\n')}\r\n`);
  await drawer.field('node1').focus();
  await page.keyboard.press('Control+Shift+F');
  const pane = drawer.pane('node1');
  const field = pane.getByRole('textbox', { name: 'Search in the terminal of spark-5c2d' });
  await expect(field).toBeFocused();
  await page.keyboard.type('needle');
  await expect(pane.getByRole('search').getByRole('status')).toHaveText('3 of 3');
  await page.keyboard.press('Enter');
  await expect(pane.getByRole('search').getByRole('status')).toHaveText('1 of 3');
  await expect(drawer.screen('node1')).toContainText('line 7 needle');
  await page.keyboard.press('Shift+Enter');
  await expect(pane.getByRole('search').getByRole('status')).toHaveText('3 of 3');
  await axe(page, stage);
  await shot(page, stage, 'terminals-search');
  await field.fill('nowhere');
  await expect(pane.getByRole('search').getByRole('status')).toHaveText('no hits');
  await page.keyboard.press('Escape');
  await expect(drawer.field('node1')).toBeFocused();
});

test('can be left by keyboard alone, and says how', async ({ page, stage, drawer }) => {
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  const field = drawer.field('node1');
  await field.focus();
  await expect(field).toHaveAttribute('aria-description', /F6 leaves the terminal/);
  await page.keyboard.press('Tab');
  await expect(field).toBeFocused();
  await page.keyboard.press('F6');
  await expect(drawer.pane('node1').getByRole('button', { name: 'Search (Ctrl+Shift+F)' })).toBeFocused();
  await field.focus();
  await page.keyboard.press('Shift+F6');
  await expect(page.getByRole('button', { name: 'Close terminals' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(drawer.pane('node1')).toBeHidden();
});

test('clears what was printed, and copies what is selected', async ({
  page,
  context,
  stage,
  terminals,
  drawer,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  terminals.print('node1', '\r\nremember-me\r\n$ ');
  const word = drawer.screen('node1').getByText('remember-me');
  const box = await word.boundingBox();
  await page.mouse.dblclick((box?.x ?? 0) + 20, (box?.y ?? 0) + 5);
  await page.keyboard.press('Control+Shift+C');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('remember-me');
  await page.keyboard.press('Control+Shift+K');
  await expect(word).toHaveCount(0);
  expect(terminals.typed.node1).toBe('');
});

test('shows what could not be copied, for copying by hand', async ({ page, stage, terminals, drawer }) => {
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  terminals.print('node1', '\r\nremember-me\r\n$ ');
  const box = await drawer.screen('node1').getByText('remember-me').boundingBox();
  await page.mouse.dblclick((box?.x ?? 0) + 20, (box?.y ?? 0) + 5);
  await page.keyboard.press('Control+Shift+C');
  const dialog = page.getByRole('dialog', { name: 'The clipboard could not be written' });
  await expect(dialog.getByRole('group', { name: 'Selected text' })).toHaveText('remember-me');
});

test('reads its output out when the screen reader mode is on', async ({ page, stage, drawer }) => {
  await stage.open(connected);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  await drawer.field('node1').focus();
  await page.keyboard.press('F6');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  const toggle = drawer.pane('node1').getByRole('button', { name: 'Screen reader mode' });
  await expect(toggle).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  await expect(drawer.pane('node1').getByRole('listitem').first()).toHaveText(/nvidia@spark:~\$/);
});

test('has a terminal of this computer in a tab of its own', async ({ page, stage, terminals, drawer }) => {
  await stage.open(withLocal);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  expect(terminals.id('local')).toBe('none');
  await page.getByRole('tab', { name: 'This computer' }).click();
  await expect(drawer.screen('local')).toContainText('$');
  await expect(drawer.pane('node1')).toBeHidden();
  terminals.print('node1', 'printed while hidden\r\n');
  await expect.poll(() => terminals.open(terminals.id('node1'))).toBe(0);
  await page.getByRole('tab', { name: 'This computer' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('tab', { name: 'Nodes' })).toBeFocused();
  await expect(drawer.screen('node1')).toContainText('printed while hidden');
  await page.setViewportSize({ width: 960, height: 640 });
  await expect(page.getByRole('tab')).toHaveText(['spark-5c2d', 'spark-bd26', 'This computer']);
  await expect(drawer.pane('node2')).toBeHidden();
});

test('looks right with both nodes, one lost, none', async ({ page, stage, terminals, drawer }) => {
  await stage.open(withLocal);
  await drawer.show();
  await expect(drawer.screen('node2')).toContainText('$');
  terminals.print(
    'node1',
    'ibdev2netdev\r\nrocep1s0f1 port 1 ==> enp1s0f1np1 (\u001b[32mUp\u001b[0m)\r\nroceP2p1s0f1 port 1 ==> enP2p1s0f1np1 (\u001b[31mDown\u001b[0m)\r\n' +
      [30, 31, 32, 33, 34, 35, 36, 37, 90, 91, 92, 93, 94, 95, 96, 97]
        .map((code) => `\u001b[${code}mcolour${code}\u001b[0m `)
        .join('') +
      '\r\n한국어 출력 확인 → ⚡ nvidia@spark-5c2d:~$ ',
  );
  terminals.print('node2', '\u001b]2;nvidia@spark-bd26: ~/deepops\u0007');
  await drawer.field('node1').focus();
  await expect(drawer.screen('node1')).toContainText('한국어');
  await axe(page, stage);
  await shot(page, stage, 'terminals-open');
  terminals.end('node2', { kind: 'lost', code: null, failure: null });
  await expect(drawer.pane('node2').getByText('was lost')).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'terminals-lost');
  stage.change({ terminals: [], pair: null });
  await expect(page.getByText('A terminal to each node')).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'terminals-empty');
});
