import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';

/** The settings as one small JSON file, replaced as a whole so that it is never half written. */
export class SettingsFile {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly folder: string) {}

  /** What the file holds, unchecked; undefined when there is none, or none that can be read. */
  async read(): Promise<unknown> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as unknown;
    } catch {
      return undefined;
    }
  }

  /** Writes one after the other: the last one asked for stays. @throws Failure SETTINGS_WRITE */
  write(settings: unknown): Promise<void> {
    const written = this.#last.then(() => this.#write(settings));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #write(settings: unknown): Promise<void> {
    const fresh = `${this.#path}.new`;
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(fresh, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
      await rename(fresh, this.#path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure('SETTINGS_WRITE', { reason }, { cause: error });
    }
  }

  get #path(): string {
    return path.join(this.folder, 'settings.json');
  }
}
