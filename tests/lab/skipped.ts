import { labUnavailable } from './unavailable';

let told = false;

/** Whether the tests on real nodes cannot run here; says why, once. */
export function skipped(): boolean {
  const reason = labUnavailable();
  if (reason === null) return false;
  if (!told) process.stderr.write(`skipped: ${reason}\n`);
  told = true;
  return true;
}
