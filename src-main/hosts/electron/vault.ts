import type { SafeStorage } from 'electron';
import { Buffer } from 'node:buffer';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { SecretVault } from '../../app/service';
import { Failure } from '../../core/failure';
import { readPrivateFile, writePrivateFile } from './private-file';

type Keeper = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

const fileSchema = z.strictObject({ version: z.literal(1), backend: z.string(), data: z.base64() });
const secretsSchema = z.record(z.string(), z.string());

/**
 * Where passwords can be kept: nowhere, if what this computer offers does not encrypt. On a Linux without a keyring
 * Chromium encrypts with a password that everybody knows. After `ready`.
 */
export async function openVault(
  keeper: Keeper,
  platform: NodeJS.Platform,
  file: string,
): Promise<SecretVault | undefined> {
  const backend = platform === 'linux' ? keeper.getSelectedStorageBackend() : platform;
  if (backend === 'basic_text' || backend === 'unknown') return undefined;
  const available = await keeper.isAsyncEncryptionAvailable().catch(() => false);
  return available ? new SystemVault(keeper, backend, file) : undefined;
}

/**
 * All secrets in one encrypted piece, decrypted for each look. A file that another keyring wrote, or that cannot be read,
 * is left as it is and nothing is saved over it: the keyring may come back. {@link clear} removes it.
 */
class SystemVault implements SecretVault {
  /** Writers after one another: each starts from what the one before has left. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly keeper: Keeper,
    private readonly backend: string,
    private readonly file: string,
  ) {}

  async get(key: string): Promise<string | undefined> {
    await this.#last;
    const secrets = await this.#read().catch(() => undefined);
    return secrets && Object.hasOwn(secrets, key) ? secrets[key] : undefined;
  }

  set(key: string, secret: string): Promise<void> {
    return this.#next(async () => {
      try {
        const secrets = { ...(await this.#read()), [key]: secret };
        const data = (await this.keeper.encryptStringAsync(JSON.stringify(secrets))).toString('base64');
        const record: z.input<typeof fileSchema> = { version: 1, backend: this.backend, data };
        await writePrivateFile(this.file, JSON.stringify(record));
      } catch {
        // Without the cause: it may quote what was to be saved.
        throw new Failure('SECRET_NOT_SAVED');
      }
    });
  }

  clear(): Promise<void> {
    return this.#next(() => rm(this.file, { force: true }));
  }

  /** @throws when there is a file that is not ours to read */
  async #read(): Promise<Record<string, string>> {
    const text = await readPrivateFile(this.file);
    if (text === undefined) return {};
    const { backend, data } = fileSchema.parse(JSON.parse(text));
    if (backend !== this.backend) throw new Failure('SECRET_NOT_SAVED');
    const { result } = await this.keeper.decryptStringAsync(Buffer.from(data, 'base64'));
    return secretsSchema.parse(JSON.parse(result));
  }

  #next(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
