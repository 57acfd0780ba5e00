import { axe, shot } from './looks';
import { expect, test } from './stage';
import { baseState } from './fixtures/state';

test('applies theme and language at once', async ({ page, stage }) => {
  await stage.open();
  await page.getByRole('button', { name: 'Settings' }).click();
  await axe(page, stage);
  await shot(page, stage, 'settings');
  await page.getByRole('radio', { name: 'Light' }).check();
  await stage.asked('settings.set', { theme: 'light' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.getByRole('radio', { name: '한국어' }).check();
  await stage.asked('settings.set', { language: 'ko' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('설정');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
});

test('follows the theme of the computer', async ({ page, stage }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await stage.open({ settings: { ...baseState.settings, theme: 'system' } });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('shows the terminal’s font before it is kept', async ({ page, stage }) => {
  await stage.open();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Font').fill('Courier Prime');
  await expect(page.locator('figure pre')).toHaveCSS('font-family', /"Courier Prime"/);
  await page.getByLabel('Font').blur();
  await stage.asked('settings.set', { terminalFont: 'Courier Prime' });
  await page.getByLabel('Size').selectOption('16');
  await stage.asked('settings.set', { terminalFontSize: 16 });
  await expect(page.locator('figure pre')).toHaveCSS('font-size', '16px');
});

test('forgets saved passwords where there can be some', async ({ page, stage }) => {
  await stage.open({ app: { ...baseState.app, canSaveSecrets: true } });
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Forget all saved passwords' }).click();
  await stage.asked('secrets.forget', {});
  await expect(page.getByText('All saved passwords are forgotten.')).toBeVisible();
});

test('shows a refusal with cause and remedy', async ({ page, stage }) => {
  stage.answer('settings.set', () => ({
    failure: { code: 'SETTINGS_WRITE', params: { reason: 'ENOSPC' } },
  }));
  await stage.open();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'Light' }).click();
  await expect(page.getByRole('alert')).toContainText('could not be saved: ENOSPC');
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
});
