import { beforeEach, describe, expect, test } from 'vitest';
import { Prompts } from '../../../src-main/app/prompts';
import type { SecretVault } from '../../../src-main/app/service';
import { State } from '../../../src-main/app/state';
import type { Slices } from '../../../src-main/contract/slices';
import type { SecretRequest } from '../../../src-main/core/ports';

const request: SecretRequest = { kind: 'login-password', node: 'spark-1', user: 'nvidia' };

let state: State;
let saved: Map<string, string>;
let vault: SecretVault;
beforeEach(() => {
  state = new State({ prompts: [] as Slices['prompts'] } as Slices, () => undefined);
  saved = new Map();
  vault = {
    get: (key) => Promise.resolve(saved.get(key)),
    set: (key, secret) => {
      saved.set(key, secret);
      return Promise.resolve();
    },
    clear: () => {
      saved.clear();
      return Promise.resolve();
    },
  };
});

function prompts(patch: Partial<ConstructorParameters<typeof Prompts>[0]> = {}) {
  return new Prompts({ state, vault, known: () => undefined, place: (node) => `${node}:22`, ...patch });
}

/** The question that is open now; questions appear in the turn after they are asked. */
async function open(count = 1) {
  await Promise.resolve();
  await Promise.resolve();
  const all = state.get('prompts');
  expect(all).toHaveLength(count);
  return all;
}

describe('questions to the person', () => {
  test('both nodes may ask at once; each answer goes to its own question', async () => {
    const asking = prompts();
    const first = asking.get(request);
    const second = asking.get({ ...request, node: 'spark-2' });
    const [one, two] = await open(2);
    asking.answer(two!.id, { kind: 'secret', value: 'two', save: false });
    asking.answer(one!.id, { kind: 'secret', value: 'one', save: false });
    expect(await Promise.all([first, second])).toEqual(['one', 'two']);
    expect(state.get('prompts')).toEqual([]);
    expect(saved.size).toBe(0);
  });

  test('a saved secret is given without asking, by machine and not by name; a wrong one is not given twice', async () => {
    const asking = prompts({ place: () => '10.0.0.1:22' });
    const first = asking.get(request);
    const [prompt] = await open();
    expect(prompt).toMatchObject({ kind: 'secret', canSave: true, retry: false });
    asking.answer(prompt!.id, { kind: 'secret', value: 'kept', save: true });
    expect(await first).toBe('kept');
    expect(await asking.get({ ...request, node: 'another-name' })).toBe('kept');
    const again = asking.get({ ...request, retry: true });
    const [retry] = await open();
    expect(retry).toMatchObject({ retry: true });
    asking.answer(retry!.id, { kind: 'refuse' });
    expect(await again).toBeUndefined();
    // A refusal is no reason to forget what was saved.
    expect(await asking.get(request)).toBe('kept');
  });

  test('one-time answers and new passwords are never kept, even when the window asks for it', async () => {
    const asking = prompts();
    for (const kind of ['keyboard-interactive', 'new-user-password'] as const) {
      const answer = asking.get({ ...request, kind });
      const [prompt] = await open();
      expect(prompt).toMatchObject({ canSave: false });
      asking.answer(prompt!.id, { kind: 'secret', value: '123456', save: true });
      expect(await answer).toBe('123456');
    }
    expect(saved.size).toBe(0);
  });

  test('a question whose connection is given up disappears', async () => {
    const stop = new AbortController();
    const asking = prompts({ vault: undefined });
    const answer = asking.get(request, stop.signal);
    const [prompt] = await open();
    expect(prompt).toMatchObject({ canSave: false });
    stop.abort();
    expect(await answer).toBeUndefined();
    expect(state.get('prompts')).toEqual([]);
    expect(() => asking.answer(prompt!.id, { kind: 'refuse' })).toThrow('PROMPT_GONE');
  });

  test('a host key is taken only by being accepted', async () => {
    const asking = prompts();
    const key = { node: 'a', host: 'h', port: 22, keyType: 'ssh-ed25519', fingerprint: 'SHA256:x' };
    const answer = asking.accept(key);
    const [prompt] = await open();
    expect(() => asking.answer(prompt!.id, { kind: 'secret', value: 'yes', save: false })).toThrow(
      'BAD_REQUEST',
    );
    asking.answer(prompt!.id, { kind: 'refuse' });
    expect(await answer).toBe(false);
    const second = asking.accept(key);
    asking.answer((await open())[0]!.id, { kind: 'accept' });
    expect(await second).toBe(true);
  });

  test('the practice pair is logged in to without asking, until its password is wrong', async () => {
    const asking = prompts({ known: () => 'practice' });
    expect(await asking.get(request)).toBe('practice');
    void asking.get({ ...request, retry: true });
    await open();
  });
});
