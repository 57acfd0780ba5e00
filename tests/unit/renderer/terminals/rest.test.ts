import { describe, expect, it } from 'vitest';
import { quietMs, Rest } from '../../../../src-renderer/features/terminals/rest';
import { Clock } from './clock';

function start() {
  const clock = new Clock();
  return { clock, rest: new Rest(clock), abort: new AbortController() };
}

const always = (): boolean => true;

describe('waiting until a terminal is at rest', () => {
  it('waits for the first output and then for quiet', async () => {
    const { clock, rest, abort } = start();
    const waiting = rest.wait(10_000, always, abort.signal);
    let done = false;
    void waiting.then(() => (done = true));
    clock.pass(5000);
    rest.heard();
    clock.pass(quietMs - 1);
    rest.heard();
    clock.pass(quietMs - 1);
    await Promise.resolve();
    expect(done).toBe(false);
    clock.pass(1);
    expect(await waiting).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  it('is at rest at once when it has been quiet', async () => {
    const { clock, rest, abort } = start();
    rest.heard();
    clock.pass(quietMs);
    expect(await rest.wait(10, always, abort.signal)).toBe(true);
  });

  it('does not take the quiet of the shell before for this one', async () => {
    const { clock, rest, abort } = start();
    rest.heard();
    clock.pass(quietMs);
    rest.begin();
    const waiting = rest.wait(1000, always, abort.signal);
    clock.pass(1000);
    expect(await waiting).toBe(false);
  });

  it('gives up after its limit while a program runs, and when told to', async () => {
    const { clock, rest, abort } = start();
    const busy = rest.wait(1000, () => false, abort.signal);
    rest.heard();
    clock.pass(1000);
    expect(await busy).toBe(false);
    const waiting = rest.wait(1000, () => false, abort.signal);
    abort.abort();
    expect(await waiting).toBe(false);
    expect(await rest.wait(1000, always, abort.signal)).toBe(false);
    expect(clock.waiting).toBe(0);
  });
});
