import { expect } from 'vitest';
import type { Finished } from './app';
import type { Lab } from './lab';
import { LOOK_INSIDE_MS } from './machine';
import { sides, type Side } from './plan';
import { until } from './process';

/** Asserts that both nodes are exactly as they were when fresh. */
export async function expectFresh(lab: Lab, what = ''): Promise<void> {
  await Promise.all(sides.map((side) => expectFreshNode(lab, side, what)));
}

async function expectFreshNode(lab: Lab, side: Side, what: string): Promise<void> {
  await lab.settled(side);
  // What a lost connection left running ends by itself.
  const ended = async () => {
    const left = await lab.sh(side, "ps -eo cgroup=,args= | grep 'session-[^ ]*[.]scope' || :");
    return left.trim() === '';
  };
  await until(`everything that node ${side} runs for a login to end`, 20_000, ended, LOOK_INSIDE_MS);
  const difference = await lab.diff(side);
  expect(difference.text, `${what} node ${side}`).toBe('no difference');
}

/** Asserts an exit status, showing what the app said when it is another. */
export function expectExit(finished: Finished, code: number): void {
  const said = `${finished.stderr.slice(-3000)}\n${JSON.stringify(finished.result, null, 1)}`;
  expect(finished.code, said).toBe(code);
}
