import { Buffer } from 'node:buffer';
import type { ExecOptions } from '../../core/ports';
import { LineDecoder } from './line-decoder';

export type StreamName = 'stdout' | 'stderr';

const defaultLimit = 4 * 1024 * 1024;

/** Where the output of one command goes: kept up to a limit, told line by line, or handed on raw. */
export class Output {
  readonly #kept = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  readonly #size = { stdout: 0, stderr: 0 };
  readonly #lines: Record<StreamName, LineDecoder> | undefined;
  readonly #limit: number;

  constructor(
    private readonly options: Pick<ExecOptions, 'maxOutputBytes' | 'onLine' | 'onStdout'>,
    /** Called once, when a stream is longer than the limit; what comes after is dropped. */
    private readonly onOverflow: (stream: StreamName, limit: number) => void,
  ) {
    this.#limit = options.maxOutputBytes ?? defaultLimit;
    const { onLine } = options;
    if (onLine !== undefined) {
      this.#lines = {
        stdout: new LineDecoder((line) => onLine('stdout', line)),
        stderr: new LineDecoder((line) => onLine('stderr', line)),
      };
    }
  }

  /** Takes a chunk. A promise means: no more until it is settled. */
  push(stream: StreamName, chunk: Uint8Array): Promise<void> | undefined {
    if (chunk.length === 0) return undefined;
    this.#lines?.[stream].push(chunk);
    if (stream === 'stdout' && this.options.onStdout !== undefined) {
      return this.options.onStdout(chunk) ?? undefined;
    }
    if (this.#size[stream] > this.#limit) return undefined;
    this.#size[stream] += chunk.length;
    if (this.#size[stream] > this.#limit) this.onOverflow(stream, this.#limit);
    else this.#kept[stream].push(chunk);
    return undefined;
  }

  /** Tells the last unfinished lines. */
  end(): void {
    this.#lines?.stdout.end();
    this.#lines?.stderr.end();
  }

  text(stream: StreamName): string {
    return Buffer.concat(this.#kept[stream]).toString('utf8');
  }
}
