import { mkdirSync, readdirSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';

export interface JournalRecord {
  readonly type: string;
  readonly stage?: string;
}

/** The records of the only run in a data folder; none while there is no run. */
export function recordsIn(dataDir: string): JournalRecord[] {
  const runs = path.join(dataDir, 'runs');
  const file = readdirSync(runs).find((name) => name.endsWith('.jsonl'));
  if (file === undefined) return [];
  const lines = readFileSync(path.join(runs, file), 'utf8').split('\n');
  // The last line may just be being written.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as JournalRecord);
}

/** A stage is under way and its newest record is of this type: what has become of the change, nobody knows yet. */
export function isAt(records: readonly JournalRecord[], stage: string, type: 'intent' | 'trial'): boolean {
  const started = records.findLast((record) => record.type === 'stage-started');
  return started?.stage === stage && records.at(-1)?.type === type;
}

/**
 * Calls back in the moment in which the journal is as wanted. Watches the folder, and reads without letting anything else
 * happen in between.
 */
export async function whenJournal(
  dataDir: string,
  wanted: (records: readonly JournalRecord[]) => boolean,
  then: () => void,
): Promise<void> {
  const runs = path.join(dataDir, 'runs');
  mkdirSync(runs, { recursive: true, mode: 0o700 });
  await new Promise<void>((resolve, reject) => {
    const watcher = watch(runs);
    watcher.on('error', reject);
    watcher.on('change', () => {
      if (!wanted(recordsIn(dataDir))) return;
      then();
      watcher.close();
      resolve();
    });
  });
}
