import { expect, test } from './fixture';
import { longMs } from './twinspark-window';

test.setTimeout(300_000);

test('what builds on Connect Two Sparks is carried out after it, and all of it is taken back at once', async ({
  serve,
  twinspark,
}) => {
  const { page } = twinspark;
  const served = await serve();
  await twinspark.enter(served.url);
  await twinspark.openPlaybook();
  let made = await twinspark.planned();
  await twinspark.apply.click();
  await twinspark.expectVerified(made);

  for (const [title, lastNote] of [
    ['benchmark.title', 'ucx_perftest'],
    ['nccl.title', 'GB/s'],
  ] as const) {
    await twinspark.view('playbooks').click();
    const card = page.getByRole('listitem').filter({ hasText: twinspark.say(title) });
    await card.getByRole('button', { name: twinspark.say('window.playbook.choose.open') }).click();
    const changes = await twinspark.planned();
    await twinspark.apply.click();
    await twinspark.expectVerified(changes);
    await expect(page.getByText(lastNote).first()).toBeVisible({ timeout: longMs });
    made += changes;
  }
  await twinspark.rollBack(made);
});
