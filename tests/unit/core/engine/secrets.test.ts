import { expect, test } from 'vitest';
import { LocalPair, NODES, playbookOf } from './local-pair';

test('a secret in what a verification shows is blanked out, in an apply and by itself', async () => {
  const pair = await LocalPair.make();
  let secret = '';
  const verify = () => ({ ok: false, notes: [], causes: [], evidence: `sudo: ${secret} is wrong` });
  const { engine } = pair.start(
    playbookOf([{ id: 'a', memos: [{ node: 'one', file: 'x', text: 'X' }], verify }]),
    pair.runs,
    {
      'sudo-password': 'hunter22',
    },
  );
  const { secrets } = (engine as unknown as { parts: { secrets: { get(r: object): Promise<string> } } })
    .parts;
  secret = await secrets.get({ kind: 'sudo-password' });
  const open = await engine.open(NODES);
  const evidence = 'sudo: ••• is wrong';
  expect(await open.apply(await open.plan('test', {}))).toMatchObject({ failure: { evidence } });
  expect(await open.verify('test', {})).toMatchObject([{ verification: { evidence } }]);
  await pair.clean();
});
