import { expect, test } from './fixture';
import { longMs, TwinsparkWindow } from './twinspark-window';

test.setTimeout(120_000);

async function underWay(twinspark: TwinsparkWindow): Promise<void> {
  const running = twinspark.stages.filter({ hasText: /under way|\d of \d+ changes? made/ });
  await expect(running).toHaveCount(1, { timeout: longMs });
}

test('a reloaded page and a second tab show the same apply, and its end', async ({
  serve,
  twinspark,
  context,
}) => {
  const served = await serve();
  await twinspark.enter(served.url);
  await twinspark.openPlaybook();
  const changes = await twinspark.planned();
  await twinspark.apply.click();
  await underWay(twinspark);
  await twinspark.page.reload();
  const second = new TwinsparkWindow(await context.newPage(), twinspark.words);
  await second.enter(served.address);
  await second.view('checklist').click();
  await Promise.all([twinspark, second].map((one) => one.expectVerified(changes)));
  expect(await second.stages.allInnerTexts()).toEqual(await twinspark.stages.allInnerTexts());

  // What one tab does, the other one sees.
  await second.rollBack(changes);
  await twinspark.expectRolledBack(changes);
});

test('cancelled in the middle of a stage: taken back, and it works the next time', async ({
  serve,
  twinspark,
}) => {
  const served = await serve();
  await twinspark.enter(served.url);
  await twinspark.openPlaybook();
  const changes = await twinspark.planned();
  await twinspark.apply.click();
  await underWay(twinspark);
  await twinspark.button('window.plan.cancel').click();
  await expect(twinspark.said).toHaveText(twinspark.say('window.plan.said.cancelled'), { timeout: longMs });
  const takenBack = twinspark.say('window.playbook.status.taken-back');
  await expect(twinspark.stages.filter({ hasText: takenBack })).toHaveCount(1);
  await twinspark.button('window.plan.try-again').click();
  // Whole stages that were through before stay in place.
  const left = await twinspark.planned();
  const inPlace = twinspark.button('window.playbook.roll-back-all');
  if (left === changes) await expect(inPlace).toBeDisabled();
  else await expect(inPlace).toBeEnabled();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(changes);
});

test.describe('without its server', () => {
  // A page that asks for what is not there says so.
  test.use({ tolerated: /net::ERR_(FAILED|CONNECTION_REFUSED)|status of 401/ });

  test('a connection that breaks is told, and comes back by itself with all that happened meanwhile', async ({
    serve,
    twinspark,
    context,
  }) => {
    const served = await serve();
    // As a laptop that loses the tunnel to the machine on which Twinspark runs.
    let isCut = false;
    let cut: () => void = () => undefined;
    await twinspark.page.routeWebSocket(/\/api\?/, (socket) => {
      socket.connectToServer();
      cut = () => void socket.close({ code: 1001 });
    });
    await twinspark.page.route('**/session', (route) => (isCut ? route.abort() : route.continue()));
    await twinspark.enter(served.url);
    await twinspark.openPlaybook();
    const changes = await twinspark.planned();
    const second = new TwinsparkWindow(await context.newPage(), twinspark.words);
    await second.enter(served.address);
    await second.view('checklist').click();
    await expect(second.apply).toBeEnabled();

    isCut = true;
    cut();
    const lost = twinspark.page.getByText(twinspark.say('window.shell.connection.lost'));
    await expect(lost).toBeVisible();
    await second.apply.click();
    await second.expectVerified(changes);
    await expect(lost).toBeVisible();
    isCut = false;
    await expect(lost).toHaveCount(0, { timeout: longMs });
    await twinspark.expectVerified(changes);
  });

  test('a server that stands still goes on where it was, and one that has ended is told', async ({
    serve,
    twinspark,
    folder,
  }) => {
    const served = await serve({ dataDir: `${folder}/data` });
    await twinspark.enter(served.url);
    await twinspark.openPlaybook();
    const changes = await twinspark.planned();
    served.signal('SIGSTOP');
    await twinspark.apply.click();
    served.signal('SIGCONT');
    await twinspark.expectVerified(changes);

    await served.crash();
    await expect(twinspark.page.getByText(twinspark.say('window.shell.connection.lost'))).toBeVisible();
    // A new server knows nobody: the page says how to come in.
    const next = await serve({ dataDir: `${folder}/data`, port: served.port });
    await expect(twinspark.heading('window.shell.denied.title')).toBeVisible({ timeout: longMs });
    await twinspark.enter(next.url);
    await expect(twinspark.heading('window.nodes.pair.connected.title')).toBeVisible({ timeout: longMs });
  });
});
