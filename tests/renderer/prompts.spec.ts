import { connecting, hostKeyPrompt, passwordPrompt } from './fixtures/nodes';
import { axe, shot } from './looks';
import { expect, test } from './stage';

test('asks whether a host key is the right one, with a way to compare', async ({ page, stage }) => {
  await stage.open({ ...connecting, prompts: [hostKeyPrompt, passwordPrompt] });
  const dialog = page.getByRole('dialog', { name: 'Is this really spark-5c2d?' });
  await expect(dialog.getByText('SHA256:aH1uQ0pX')).toBeVisible();
  await expect(dialog.getByText('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')).toBeVisible();
  await expect(dialog.getByText('One more question waits')).toBeVisible();
  // A careless Enter must not accept.
  await expect(dialog.getByRole('button', { name: 'Do not connect' })).toBeFocused();
  await axe(page, stage);
  await shot(page, stage, 'host-key');

  const paste = dialog.getByLabel('Paste what it prints');
  await paste.fill('256 SHA256:bH1uQ0pXvLmUw2R8cZb4yT6nJ0sKfDgE9iVxO3qNwYk root@spark (ED25519)');
  await expect(dialog.getByText('It is another one')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'It is, connect' })).toBeDisabled();
  await paste.fill(`256 ${hostKeyPrompt.fingerprint} root@spark (ED25519)`);
  await expect(dialog.getByText('It is the same.')).toBeVisible();
  await dialog.getByRole('button', { name: 'It is, connect' }).click();
  await stage.asked('prompt.answer', { id: 'p1', answer: { kind: 'accept' } });
});

test('asks one question after the other', async ({ page, stage }) => {
  await stage.open({ ...connecting, prompts: [hostKeyPrompt, passwordPrompt] });
  await page.keyboard.press('Escape');
  await stage.asked('prompt.answer', { id: 'p1', answer: { kind: 'refuse' } });
  stage.push('prompts', [passwordPrompt]);
  await expect(page.getByRole('dialog', { name: 'Password for nvidia on spark-bd26' })).toBeVisible();
  stage.push('prompts', []);
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('sends a password once and keeps nothing of it', async ({ page, stage }) => {
  await stage.open({ ...connecting, prompts: [passwordPrompt] });
  const field = page.getByRole('dialog').getByLabel('Password', { exact: true });
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute('type', 'password');
  await expect(field).toHaveAttribute('autocomplete', 'off');
  await expect(field).toHaveAttribute('spellcheck', 'false');
  await expect(page.getByRole('switch')).toHaveCount(0);
  await axe(page, stage);
  await shot(page, stage, 'password');
  await field.fill('correct horse');
  await page.keyboard.press('Enter');
  await stage.asked('prompt.answer', {
    id: 'p2',
    answer: { kind: 'secret', value: 'correct horse', save: false },
  });
  await expect(field).toHaveValue('');
});

test('says that the last answer was wrong and offers to keep the right one', async ({ page, stage }) => {
  await stage.open({ ...connecting, prompts: [{ ...passwordPrompt, id: 'p3', retry: true, canSave: true }] });
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('That was not right. Try once more.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByText('Type it first.')).toBeVisible();
  await dialog.getByLabel('Password', { exact: true }).fill('x');
  await dialog.getByRole('switch', { name: 'Keep it on this computer' }).click();
  await axe(page, stage);
  await shot(page, stage, 'password-retry');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await stage.asked('prompt.answer', { id: 'p3', answer: { kind: 'secret', value: 'x', save: true } });
});

test('puts the server’s own question as text, shown while typed where it allows that', async ({
  page,
  stage,
}) => {
  await stage.open({
    ...connecting,
    prompts: [
      {
        ...passwordPrompt,
        id: 'p4',
        secret: 'keyboard-interactive',
        detail: '<b>Verification code:</b>\u001b[2J',
        echo: true,
      },
    ],
  });
  const field = page.getByLabel('<b>Verification code:</b>');
  await expect(field).toHaveAttribute('type', 'text');
  await field.fill('123456');
  await page.keyboard.press('Enter');
  await stage.asked('prompt.answer', { id: 'p4', answer: { kind: 'secret', value: '123456', save: false } });
});

test('has a new password typed twice', async ({ page, stage }) => {
  await stage.open({
    ...connecting,
    prompts: [{ ...passwordPrompt, id: 'p5', secret: 'new-user-password' }],
  });
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New password').fill('one');
  await dialog.getByLabel('The same once more').fill('two');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByText('The two are not the same.')).toBeVisible();
  await dialog.getByLabel('The same once more').fill('one');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await stage.asked('prompt.answer', { id: 'p5', answer: { kind: 'secret', value: 'one', save: false } });
});
