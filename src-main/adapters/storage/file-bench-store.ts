import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { benchRecordSchema, type BenchRecord } from '../../contract/bench-record';
import { Failure } from '../../core/failure';
import type { BenchEntry, BenchStore } from '../../core/ports';
import { BenchIndex } from './bench-index';
import { codeOf } from './file-error';
import { syncDirectory } from './sync-directory';

const NAME = /^([0-9]{8}T[0-9]{6}Z-[0-9a-f]{8})\.json$/;

/**
 * Measurements as `DIR/benchmarks/ID.json`, folder 0700 and files 0600, each written beside its place, fsynced and moved
 * there. An index holds what a list shows, so that a thousand records are listed without being read. Several processes
 * may use the same folder at once.
 */
export class FileBenchStore implements BenchStore {
  readonly #folder: string;
  readonly #index: BenchIndex;

  /** @param entryOf what the index holds of a record */
  constructor(
    directory: string,
    private readonly entryOf: (record: BenchRecord) => BenchEntry,
  ) {
    this.#folder = path.join(directory, 'benchmarks');
    this.#index = new BenchIndex(this.#folder);
  }

  async append(record: BenchRecord): Promise<void> {
    const file = this.#file(record.id);
    const fresh = path.join(this.#folder, `.${record.id}.${randomUUID()}`);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const handle = await open(fresh, 'wx', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(record)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(fresh, file);
      await syncDirectory(this.#folder);
    } catch (error) {
      await unlink(fresh).catch(() => undefined);
      throw failure(file, error);
    }
    // The record is kept: an index that takes nothing is made good when it is read.
    await this.#index.append([this.entryOf(record)]).catch(() => undefined);
  }

  async list(): Promise<{ entries: BenchEntry[]; damaged: string[]; later: string[] }> {
    const ids = await this.#ids();
    const { entries, wasted } = await this.#index
      .read(ids)
      // Whatever is wrong with it, the records are there.
      .catch(() => ({ entries: new Map<string, BenchEntry>(), wasted: true }));
    const [found, damaged, later]: [BenchEntry[], string[], string[]] = [[], [], []];
    for (const id of ids) {
      if (entries.has(id)) continue;
      const record = await this.#read(id);
      if (record === 'damaged') damaged.push(id);
      else if (record === 'later') later.push(id);
      else if (record !== 'gone') found.push(this.entryOf(record));
    }
    for (const entry of found) entries.set(entry.id, entry);
    const sorted = [...entries.values()].sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
    // An index that cannot be written (a full disk, a folder to be read only) costs time and nothing else.
    const mend = wasted
      ? this.#index.replace(sorted.toReversed())
      : found.length > 0
        ? this.#index.append(found)
        : Promise.resolve();
    await mend.catch(() => undefined);
    return { entries: sorted, damaged: damaged.sort(), later: later.sort() };
  }

  async read(id: string): Promise<BenchRecord> {
    const record = NAME.test(`${id}.json`) ? await this.#read(id) : 'gone';
    if (typeof record === 'string') throw new Failure('NOT_FOUND', { what: 'benchmark', id });
    return record;
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (!NAME.test(`${id}.json`)) continue;
      const file = this.#file(id);
      await unlink(file).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw failure(file, error);
      });
    }
    await syncDirectory(this.#folder).catch(() => undefined);
  }

  async #ids(): Promise<Set<string>> {
    try {
      const names = await readdir(this.#folder);
      return new Set(names.flatMap((name) => NAME.exec(name)?.[1] ?? []));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return new Set();
      throw failure(this.#folder, error);
    }
  }

  async #read(id: string): Promise<BenchRecord | 'gone' | 'damaged' | 'later'> {
    let value: unknown;
    try {
      value = JSON.parse(await readFile(this.#file(id), 'utf8'));
    } catch (error) {
      return codeOf(error) === 'ENOENT' ? 'gone' : 'damaged';
    }
    const { success, data } = benchRecordSchema.safeParse(value);
    // A file under another's name would come back under an id that is not its own.
    if (success) return data.id === id ? data : 'damaged';
    return isLater(value) ? 'later' : 'damaged';
  }

  /** @throws Failure NOT_FOUND for anything that is not the id of a record: ids never become paths unchecked */
  #file(id: string): string {
    const name = `${id}.json`;
    if (!NAME.test(name)) throw new Failure('NOT_FOUND', { what: 'benchmark', id });
    return path.join(this.#folder, name);
  }
}

function isLater(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    typeof value.version === 'number' &&
    value.version > 1
  );
}

function failure(file: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('HISTORY_WRITE', { file, reason: codeOf(error) ?? String(error) }, { cause: error });
}
