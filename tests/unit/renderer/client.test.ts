import { describe, expect, it } from 'vitest';
import { CallFailure, type Push } from '../../../src-main/contract/wire';
import { connect } from '../../../src-renderer/api/client';
import type { RawAnswer, Transport } from '../../../src-renderer/api/transport';

function stand(answer: unknown = { result: {} }) {
  const asked: [string, unknown][] = [];
  let events: Parameters<Transport['start']>[0] | undefined;
  const transport: Transport = {
    ask(method, params) {
      asked.push([method, params]);
      return Promise.resolve(answer as RawAnswer);
    },
    start: (given) => (events = given),
  };
  return { ...connect(transport), asked, push: (raw: unknown) => events?.push(raw) };
}

describe('the typed client', () => {
  it('asks by name and gives the answer', async () => {
    const { client, asked } = stand({ result: { script: '#!/bin/sh' } });
    await expect(client['plan.script']({ hash: 'abc' })).resolves.toEqual({ script: '#!/bin/sh' });
    expect(asked).toEqual([['plan.script', { hash: 'abc' }]]);
  });

  it('sends nothing that the contract does not allow', async () => {
    const { client, asked } = stand();
    await expect(client['terminal.resize']({ id: 't', columns: 0, rows: 1 })).rejects.toMatchObject({
      info: { code: 'BAD_REQUEST' },
    });
    expect(asked).toEqual([]);
  });

  it('rejects with the failure that main tells', async () => {
    const failure = { code: 'NOT_CONNECTED', params: {} };
    const { client } = stand({ failure });
    const refused = client['facts.read']({});
    await expect(refused).rejects.toBeInstanceOf(CallFailure);
    await expect(refused).rejects.toMatchObject({ info: failure });
  });

  it.each([{ result: { script: 7 } }, { failure: { code: 'NO_SUCH_CODE', params: {} } }, { failure: null }])(
    'does not believe an answer of another shape: %j',
    async (answer) => {
      const { client } = stand(answer);
      await expect(client['plan.script']({ hash: 'abc' })).rejects.toMatchObject({
        info: { code: 'BAD_REQUEST' },
      });
    },
  );

  it('tells pushes that it knows, and that one was unreadable', () => {
    const { push, ...connection } = stand();
    const pushes: Push[] = [];
    let unreadable = 0;
    connection.start({
      push: (known) => pushes.push(known),
      state: () => undefined,
      unreadable: () => unreadable++,
    });
    push({ type: 'terminal', id: 't1', text: 'x' });
    push({ type: 'terminal', id: 7, text: 'x' });
    push('nonsense');
    expect(pushes).toEqual([{ type: 'terminal', id: 't1', text: 'x' }]);
    expect(unreadable).toBe(2);
  });
});
