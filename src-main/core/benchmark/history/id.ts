import { randomBytes } from 'node:crypto';

/** Id of a measurement or a suite that begins at `time`: in the order of time, and never twice. */
export function newBenchId(time: number): string {
  const stamp = new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${stamp}-${randomBytes(4).toString('hex')}`;
}
