import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';
import type { RunStore } from '../../core/ports';
import { codeOf } from './file-error';
import { takeProcessLock } from './process-lock';
import { syncDirectory } from './sync-directory';

const RUN = /^[0-9]{4,}-[0-9a-f]{8}$/;

/**
 * Journals as JSON lines in `DIR/runs/RUN.jsonl`, folder 0700 and files 0600. Every append is fsynced, and so is the
 * folder when a journal is new: what a record announces happens only after the record would survive a power cut.
 */
export class FileRunStore implements RunStore {
  readonly #runs: string;

  constructor(private readonly directory: string) {
    this.#runs = path.join(directory, 'runs');
  }

  async create(run: string): Promise<void> {
    const file = this.#file(run);
    try {
      await mkdir(this.#runs, { recursive: true, mode: 0o700 });
      const handle = await open(file, 'wx', 0o600);
      await handle.close();
      await syncDirectory(this.#runs);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw new Failure('PLAN_USED', { run }, { cause: error });
      throw journalFailure(file, error);
    }
  }

  async append(run: string, record: unknown): Promise<void> {
    const file = this.#file(run);
    try {
      const handle = await open(file, 'r+');
      try {
        // A torn last line (power cut, full disk) is closed off first, so that this record stays readable.
        const { size } = await handle.stat();
        const torn = size > 0 && (await lastByte(handle, size)) !== 0x0a;
        await handle.write(`${torn ? '\n' : ''}${JSON.stringify(record)}\n`, size);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw journalFailure(file, error);
    }
  }

  async read(run: string): Promise<{ records: unknown[]; torn: boolean }> {
    let text: string;
    try {
      text = await readFile(this.#file(run), 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new Failure('UNKNOWN_RUN', { run }, { cause: error });
      throw journalFailure(this.#file(run), error);
    }
    const records: unknown[] = [];
    let torn = false;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      // Only a write that was cut off leaves half a line; it was never acted upon.
      const record = parseLine(line);
      if (record === undefined) torn = true;
      else records.push(record);
    }
    return { records, torn };
  }

  async list(): Promise<string[]> {
    try {
      const names = await readdir(this.#runs);
      return names
        .filter((name) => name.endsWith('.jsonl') && RUN.test(name.slice(0, -6)))
        .map((name) => name.slice(0, -6))
        .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw journalFailure(this.#runs, error);
    }
  }

  async installation(): Promise<string> {
    const file = path.join(this.directory, 'installation');
    const known = await readIfThere(file);
    if (known !== undefined && /^[0-9a-f-]{36}$/.test(known.trim())) return known.trim();
    const id = randomUUID();
    const draft = `${file}.${id}`;
    try {
      await mkdir(this.directory, { recursive: true, mode: 0o700 });
      const handle = await open(draft, 'wx', 0o600);
      await handle.write(`${id}\n`);
      await handle.sync();
      await handle.close();
      await rename(draft, file);
    } catch (error) {
      await unlink(draft).catch(() => undefined);
      throw journalFailure(file, error);
    }
    return id;
  }

  async lock(): Promise<{ release(): Promise<void> }> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    return takeProcessLock(this.directory);
  }

  /** @throws Failure UNKNOWN_RUN for anything that is not the id of a run: ids never become paths unchecked */
  #file(run: string): string {
    if (!RUN.test(run)) throw new Failure('UNKNOWN_RUN', { run });
    return path.join(this.#runs, `${run}.jsonl`);
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

async function lastByte(handle: Awaited<ReturnType<typeof open>>, size: number): Promise<number | undefined> {
  const { buffer } = await handle.read(new Uint8Array(1), 0, 1, size - 1);
  return buffer[0];
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw journalFailure(file, error);
  }
}

function journalFailure(file: string, error: unknown): Failure {
  return new Failure('JOURNAL_WRITE', { file, reason: codeOf(error) ?? String(error) }, { cause: error });
}
