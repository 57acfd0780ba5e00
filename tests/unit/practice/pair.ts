import { afterEach } from 'vitest';
import type { Session } from '../../../src-main/core/ports';
import { startPractice, type PracticePair } from '../../../src-main/practice/practice';
import { connector, refuseKeys, removeFolders, ScriptedSecrets } from '../adapters/ssh2/fixtures/laptop';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await removeFolders();
});

/** Is closed when the test has ended. */
export function closeLater(one: { close(): Promise<void> }): void {
  open.push(one);
}

/** A practice pair that ends with the test. */
export async function practice(): Promise<PracticePair> {
  const pair = await startPractice();
  closeLater(pair);
  return pair;
}

/** Logs in to a node of a pair as the app does, with nothing known but the pair's address and password. */
export async function logIn(pair: PracticePair, index: 0 | 1 = 0): Promise<Session> {
  const password = Array<string>(8).fill(pair.loginPassword);
  const secrets = new ScriptedSecrets({ 'login-password': [...password], 'sudo-password': [...password] });
  const laptop = await connector({ secrets, hostKeys: refuseKeys });
  const session = await laptop.connect(pair.nodes[index]);
  closeLater(session);
  return session;
}
