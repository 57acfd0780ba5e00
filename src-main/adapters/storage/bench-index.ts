import { randomUUID } from 'node:crypto';
import { open, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { benchListedSchema } from '../../contract/bench-record';
import type { BenchEntry } from '../../core/ports';
import { codeOf } from './file-error';

/** Raised when an entry comes to hold something else: lines of another version are made anew from their records. */
const VERSION = 1;
/** Lines that say nothing new may be so many times as many as those that count, before the file is written anew. */
const WASTE = 2;

const lineSchema = z.object({
  v: z.literal(VERSION),
  entry: benchListedSchema.omit({ standing: true }).extend({ kind: z.string() }),
});

/**
 * The lines of a history without its records: JSON lines that are only ever appended, also by two processes at once. It
 * is a convenience: what is missing in it or damaged is read from the records, so nothing hangs on it.
 */
export class BenchIndex {
  readonly #file: string;
  /** What lines say that have been read before: they never change. */
  #known = new Map<string, BenchEntry>();

  constructor(private readonly folder: string) {
    this.#file = path.join(folder, 'index.jsonl');
  }

  /** By id; `wasted` when more lines are useless than useful. */
  async read(ids: ReadonlySet<string>): Promise<{ entries: Map<string, BenchEntry>; wasted: boolean }> {
    const entries = new Map<string, BenchEntry>();
    const known = new Map<string, BenchEntry>();
    let lines = 0;
    for (const line of (await this.#text()).split('\n')) {
      if (line === '') continue;
      lines += 1;
      const entry = this.#known.get(line) ?? parse(line);
      if (!entry || !ids.has(entry.id)) continue;
      known.set(line, entry);
      entries.set(entry.id, entry);
    }
    this.#known = known;
    return { entries, wasted: lines > 32 && lines > entries.size * WASTE };
  }

  /** One write for each line, which the system puts at the end whoever else writes; a torn line before it stays alone. */
  async append(entries: Iterable<BenchEntry>): Promise<void> {
    const handle = await open(this.#file, 'a', 0o600);
    try {
      for (const entry of entries) await handle.write(`\n${lineOf(entry)}\n`);
    } finally {
      await handle.close();
    }
  }

  /** In place of all lines. What another process appends meanwhile is read from its record the next time. */
  async replace(entries: Iterable<BenchEntry>): Promise<void> {
    const fresh = path.join(this.folder, `.index.${randomUUID()}`);
    try {
      const handle = await open(fresh, 'wx', 0o600);
      try {
        await handle.writeFile([...entries].map((entry) => `${lineOf(entry)}\n`).join(''));
      } finally {
        await handle.close();
      }
      await rename(fresh, this.#file);
    } catch (error) {
      await unlink(fresh).catch(() => undefined);
      throw error;
    }
  }

  async #text(): Promise<string> {
    try {
      return await readFile(this.#file, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return '';
      throw error;
    }
  }
}

function lineOf(entry: BenchEntry): string {
  return JSON.stringify({ v: VERSION, entry });
}

function parse(line: string): BenchEntry | undefined {
  try {
    const { success, data } = lineSchema.safeParse(JSON.parse(line));
    return success ? data.entry : undefined;
  } catch {
    return undefined;
  }
}
