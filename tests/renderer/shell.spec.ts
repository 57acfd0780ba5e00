import { connected } from './fixtures/nodes';
import { axe, shot } from './looks';
import { expect, test } from './stage';

test('shows both nodes and the cable between them in the header', async ({ page, stage }) => {
  await stage.open(connected);
  const header = page.locator('header').first();
  await expect(header.getByText('spark-5c2d')).toBeVisible();
  await expect(header.getByText('0.5 ms')).toBeVisible();
  await expect(header.getByRole('img', { name: 'half A up, half B up' })).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'shell-connected');
});
