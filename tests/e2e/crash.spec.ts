import path from 'node:path';
import { expect, test } from './fixture';
import { isAt, recordsIn, whenJournal } from './journal';
import { answerUntil, typeNodes, type TypedNode } from './nodes-by-hand';
import { startPracticePair, tracesOn, type PracticePair } from './practice-pair';
import { longMs, type TwinsparkWindow } from './twinspark-window';

// A window whose server has been killed cannot load anything from it.
test.use({ tolerated: /net::ERR_CONNECTION_REFUSED|status of 401|WebSocket connection to .* failed/ });
test.setTimeout(90_000);

let pair: PracticePair;
let nodes: TypedNode[];

test.beforeEach(async ({ folder }) => {
  pair = await startPracticePair(path.join(folder, 'practice'));
  nodes = pair.nodes.map((node) => ({ ...node, password: pair.password }));
});

test.afterEach(() => pair.stop());

const traces = () => Promise.all([tracesOn(pair, 0), tracesOn(pair, 1)]);

async function open(twinspark: TwinsparkWindow) {
  await typeNodes(twinspark, nodes);
  const connected = twinspark.heading('window.nodes.pair.connected.title');
  const asked = await answerUntil(twinspark, connected, nodes);
  await twinspark.openPlaybook();
  return asked;
}

for (const [stage, type] of [
  ['ssh', 'intent'],
  ['network', 'trial'],
] as const) {
  const wayOut = stage === 'ssh' ? 'go on' : 'roll back';

  test(`killed at the ${type} of a change in ${stage}: offers both, and can ${wayOut}`, async ({
    serve,
    twinspark,
    folder,
  }) => {
    const dataDir = path.join(folder, 'data');
    const before = await traces();
    const first = await serve({ practice: false, dataDir });
    await twinspark.enter(first.url);
    expect(await open(twinspark)).toMatchObject({ hostKey: 2 });
    await answerUntil(twinspark, twinspark.apply, nodes);
    const changes = await twinspark.planned();

    const killed = whenJournal(
      dataDir,
      (records) => isAt(records, stage, type),
      () => first.signal('SIGKILL'),
    );
    await twinspark.apply.click();
    await killed;
    await first.crash();
    // In the middle of it, by the journal and by what the window saw last.
    expect(isAt(recordsIn(dataDir), stage, type)).toBe(true);
    await expect(twinspark.page.getByText(twinspark.say('window.shell.connection.lost'))).toBeVisible({
      timeout: longMs,
    });
    await expect(twinspark.stage(stage)).toContainText(/under way|\d of \d/);
    // The addresses are there; a trial of them may not have begun when its record is written.
    if (stage === 'ssh') expect(await traces()).not.toEqual(before);

    const second = await serve({ practice: false, dataDir, port: first.port });
    await expect(twinspark.heading('window.shell.denied.title')).toBeVisible({ timeout: longMs });
    await twinspark.enter(second.url);
    // Who has been met once is known.
    expect(await open(twinspark)).toMatchObject({ hostKey: 0 });
    const offer = twinspark.page.getByRole('region', {
      name: twinspark.say('window.runs.unfinished.title'),
    });
    await answerUntil(twinspark, offer, nodes);
    await expect(offer).toContainText(twinspark.words.stage('connect-two-sparks', stage));

    if (wayOut === 'go on') {
      await twinspark.button('window.runs.unfinished.go-on').click();
      await answerUntil(twinspark, twinspark.apply, nodes);
      const rest = await twinspark.planned();
      expect(rest).toBeLessThan(changes);
      await twinspark.apply.click();
      await twinspark.expectVerified(rest);
      await twinspark.rollBack(changes);
    } else {
      await twinspark.button('window.runs.unfinished.roll-back').click();
      await expect(twinspark.dialog).toContainText(/Take back/);
      await twinspark.dialog.getByRole('button', { name: /^Take back \d+ changes?$/ }).click();
      const whole = twinspark.page.getByRole('heading', { name: /Both nodes are as before\.$/ });
      await answerUntil(twinspark, whole, nodes);
    }
    expect(await traces()).toEqual(before);
  });
}
