import type { Page } from '@playwright/test';
import { ready } from './fixtures/playbook-states';
import { openView } from './playbook-steps';
import { names, type TerminalsDouble } from './terminals-double';
import { expect, test } from './terminals-test';

const brackets = '\u001b[?2004h';
const noBrackets = '\u001b[?2004l';

/** Opens the plan's commands and sends the first one of node 1 to its terminal. */
async function openInTerminal(page: Page): Promise<void> {
  await openView(page, 'checklist');
  await page.getByRole('button', { name: 'Show all commands' }).click();
  await page.getByTitle(`Types it into a terminal of ${names.node1}, without running it.`).first().click();
}

/** Everything that stands outside of brackets. */
function outside(typed: string): string {
  return typed.replace(/\u001b\[200~[^\u001b]*\u001b\[201~/g, '');
}

async function parsed(terminals: TerminalsDouble): Promise<void> {
  await expect.poll(() => terminals.open(terminals.id('node1'))).toBe(0);
}

test('a command of the plan is typed into the node’s terminal and not run', async ({
  page,
  stage,
  drawer,
  terminals,
}) => {
  terminals.prompt = `${brackets}nvidia@spark:~$ `;
  await stage.open(ready);
  await openInTerminal(page);
  // The drawer opens by itself.
  await expect(drawer.screen('node1')).toContainText('$');
  await expect.poll(() => terminals.typed.node1).toContain('\u001b[201~');
  const { node1 } = terminals.typed;
  expect(node1).toMatch(/^\u001b\[200~[^\u001b]*\S\u001b\[201~$/);
  expect(outside(node1)).toBe('');
  expect(terminals.typed.node2).toBe('');
  await expect(drawer.field('node1')).toBeFocused();
});

test('without brackets nothing is sent that would run: several lines are offered for copying', async ({
  page,
  stage,
  drawer,
  terminals,
}) => {
  await stage.open(ready);
  await openInTerminal(page);
  await expect(drawer.screen('node1')).toContainText('$');
  const dialog = page.getByRole('dialog', { name: 'The command was not typed' });
  await expect(dialog).toContainText('would run each at once. Nothing was run.');
  await expect(dialog.getByRole('button', { name: 'Copy', exact: true })).toBeVisible();
  expect(terminals.typed.node1).toBe('');
});

test('waits while a program runs, and types when the shell is back', async ({
  page,
  stage,
  drawer,
  terminals,
}) => {
  await stage.open(ready);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  terminals.print('node1', brackets);
  await parsed(terminals);
  terminals.print('node1', `top\r\n${noBrackets}\u001b[?1049hload 0.1`);
  await parsed(terminals);
  await openInTerminal(page);
  await expect(drawer.pane('node1').getByText('It is not run.')).toBeVisible();
  terminals.print('node1', 'load 0.2');
  await parsed(terminals);
  expect(terminals.typed.node1).toBe('');
  terminals.print('node1', `\u001b[?1049l${brackets}nvidia@spark:~$ `);
  await expect.poll(() => terminals.typed.node1).toContain('\u001b[201~');
  expect(outside(terminals.typed.node1)).toBe('');
  await expect(drawer.pane('node1').getByText('It is not run.')).toHaveCount(0);
});

test('can be called off while it waits', async ({ page, stage, drawer, terminals }) => {
  await stage.open(ready);
  await drawer.show();
  await expect(drawer.screen('node1')).toContainText('$');
  terminals.print('node1', '\u001b[?1049hbusy');
  await parsed(terminals);
  await openInTerminal(page);
  await drawer.pane('node1').getByRole('button', { name: 'Cancel' }).click();
  terminals.print('node1', `\u001b[?1049l${brackets}nvidia@spark:~$ `);
  await parsed(terminals);
  await expect(drawer.pane('node1').getByText('It is not run.')).toHaveCount(0);
  expect(terminals.typed.node1).toBe('');
});

test('is offered for copying where no shell can be had', async ({ page, stage, drawer, terminals }) => {
  stage.answer('terminal.open', () => ({ failure: { code: 'CONNECTION_LOST', params: { host: 'spark' } } }));
  await stage.open(ready);
  await openInTerminal(page);
  await expect(drawer.pane('node1').getByRole('alert')).toBeVisible();
  const dialog = page.getByRole('dialog', { name: 'The command was not typed' });
  await expect(dialog).toContainText('No shell is open on spark-5c2d. Nothing was run.');
  expect(terminals.typed.node1).toBe('');
});
