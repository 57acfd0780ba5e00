import { createReadStream } from 'node:fs';
import { Failure } from '../../core/failure';

/** A file or standard input as text. Bytes. */
export const INPUT_LIMIT = 64 * 1024 * 1024;

/**
 * Everything that `source` gives, as text: UTF-8, or what Windows writes into a file (UTF-16 with its mark).
 * @throws Failure INPUT_UNREADABLE (`name` is the file, or - for standard input), CANCELLED
 */
export async function readInput(
  name: string,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stop = new Promise<never>((_, reject) => {
    const end = () => reject(new Failure('CANCELLED'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  // Nobody waits for it once everything is read.
  stop.catch(() => undefined);
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), stop]);
      if (next.done === true) break;
      size += next.value.byteLength;
      if (size > INPUT_LIMIT) throw new Failure('INPUT_UNREADABLE', { file: name, reason: 'too-large' });
      chunks.push(next.value);
    }
  } catch (error) {
    // Not waited for: a source that is silent answers to nothing.
    iterator.return?.().catch(() => undefined);
    if (error instanceof Failure) throw error;
    throw new Failure('INPUT_UNREADABLE', { file: name, reason: reasonOf(error) }, { cause: error });
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return new TextDecoder(whole[0] === 0xff && whole[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(whole);
}

export function fileStream(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 1024 * 1024 });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
  if (code === 'EACCES' || code === 'EPERM') return 'not-permitted';
  return code === 'EISDIR' ? 'directory' : 'other';
}
