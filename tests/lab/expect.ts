import { expect } from 'vitest';
import type { Finished } from './app';
import type { Lab } from './lab';
import { sides } from './plan';
import { until } from './process';

/** Asserts that both nodes are exactly as they were when fresh. */
export async function expectFresh(lab: Lab, what = ''): Promise<void> {
  for (const side of sides) {
    await lab.settled(side);
    // What a lost connection left running ends by itself.
    await until(`everything that node ${side} runs for a login to end`, 20_000, async () => {
      const left = await lab.sh(side, "ps -eo cgroup=,args= | grep 'session-[^ ]*[.]scope' || :");
      return left.trim() === '';
    });
    const difference = await lab.diff(side);
    expect(difference.text, `${what} node ${side}`).toBe('no difference');
  }
}

/** Asserts an exit status, showing what the app said when it is another. */
export function expectExit(finished: Finished, code: number): void {
  const said = `${finished.stderr.slice(-3000)}\n${JSON.stringify(finished.result, null, 1)}`;
  expect(finished.code, said).toBe(code);
}
