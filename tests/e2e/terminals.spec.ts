import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixture';
import { longMs } from './twinspark-window';

test.setTimeout(150_000);

/** The terminals of the practice pair, as a person uses them. */
class Terminals {
  constructor(private readonly page: Page) {}

  async show(): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1, name: 'Both nodes are connected' })).toBeVisible({
      timeout: longMs,
    });
    await this.page.getByRole('button', { name: 'Terminals', exact: true }).click();
    await expect(this.lines(0)).toContainText('$', { timeout: longMs });
    await expect(this.lines(1)).toContainText('$', { timeout: longMs });
  }

  pane(index: 0 | 1): Locator {
    return this.page.getByRole('region', { name: /^Terminal of spark-/ }).nth(index);
  }

  /** The lines in sight. */
  lines(index: 0 | 1): Locator {
    return this.pane(index).locator('.xterm-rows');
  }

  async run(index: 0 | 1, command: string): Promise<void> {
    await this.pane(index)
      .getByRole('textbox', { name: /^Terminal of/ })
      .focus();
    await this.page.keyboard.type(command);
    await this.page.keyboard.press('Enter');
  }
}

test('a shell on each node: what is typed runs there', async ({ serve, twinspark }) => {
  const served = await serve({ practice: true });
  await twinspark.enter(served.url);
  const terminals = new Terminals(twinspark.page);
  await terminals.show();
  for (const index of [0, 1] as const) {
    const name = ((await terminals.pane(index).getAttribute('aria-label')) ?? '').replace('Terminal of ', '');
    await terminals.run(index, 'echo "name=[$(hostname)]"');
    await expect(terminals.lines(index)).toContainText(`name=[${name}]`);
  }
});

test('a shell outlives the drawer and the window', async ({ serve, twinspark }) => {
  const served = await serve({ practice: true });
  await twinspark.enter(served.url);
  const terminals = new Terminals(twinspark.page);
  await terminals.show();
  await terminals.run(0, 'kept=here');
  await twinspark.page.getByRole('button', { name: 'Close terminals' }).click();
  await twinspark.page.reload();
  await twinspark.page.getByRole('button', { name: 'Terminals', exact: true }).click();
  await terminals.run(0, 'echo "still=[$kept]"');
  await expect(terminals.lines(0)).toContainText('still=[here]');
});

test('a shell that has ended is opened again on demand', async ({ serve, twinspark }) => {
  const served = await serve({ practice: true });
  await twinspark.enter(served.url);
  const terminals = new Terminals(twinspark.page);
  await terminals.show();
  await terminals.run(1, 'exit 3');
  await expect(terminals.pane(1).getByText('The shell has ended (exit code 3).')).toBeVisible();
  await terminals.pane(1).getByRole('button', { name: 'Start again' }).last().click();
  await expect(terminals.pane(1).getByText('The shell has ended')).toHaveCount(0);
  await terminals.run(1, 'echo "again=[$((40 + 2))]"');
  await expect(terminals.lines(1)).toContainText('again=[42]');
});

test('a flood of 50 MB comes to its end', async ({ serve, twinspark }) => {
  const served = await serve({ practice: true });
  await twinspark.enter(served.url);
  const terminals = new Terminals(twinspark.page);
  await terminals.show();
  await terminals.run(0, 'seq 1 6500000');
  await expect(terminals.lines(0)).toContainText('6500000', { timeout: 120_000 });
  await terminals.run(0, 'echo "after=[$((1 + 1))]"');
  await expect(terminals.lines(0)).toContainText('after=[2]');
});

test('Ctrl-C ends a flood within a second', async ({ serve, twinspark }) => {
  const served = await serve({ practice: true });
  await twinspark.enter(served.url);
  const { page } = twinspark;
  const terminals = new Terminals(page);
  await terminals.show();
  await terminals.run(0, 'yes flooding');
  // The flood has the whole screen: no prompt is in sight any more.
  await expect(terminals.lines(0)).toContainText('flooding');
  await expect(terminals.lines(0)).not.toContainText('$');
  const began = Date.now();
  await page.keyboard.press('Control+C');
  await expect(terminals.lines(0)).toContainText('$');
  expect(Date.now() - began).toBeLessThan(1000);
  await terminals.run(0, 'echo "after=[$((1 + 1))]"');
  await expect(terminals.lines(0)).toContainText('after=[2]');
});
