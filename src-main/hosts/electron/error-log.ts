import { appendFileSync, renameSync, statSync } from 'node:fs';

/** Characters of one entry. */
const entryLimit = 8 * 1024;

/**
 * Errors that nobody caught, in a file of bounded size with one older file beside it (mode 0600). What an error says is
 * left out, since it may quote anything, a password too; what kind it is and where it happened is kept.
 */
export class ErrorLog {
  constructor(
    private readonly file: string,
    /** Bytes, of each of the two files. */
    private readonly limit = 256 * 1024,
    private readonly now: () => Date = () => new Date(),
  ) {}

  error(kind: string, error: unknown): void {
    this.#append(kind, describe(error));
  }

  /** @param text our own words: never a message from elsewhere */
  note(kind: string, text: string): void {
    this.#append(kind, text);
  }

  #append(kind: string, text: string): void {
    const entry = `${this.now().toISOString()} ${kind} ${text}`.slice(0, entryLimit);
    try {
      // At once: the process may end with this very error.
      if (this.#size() + entry.length > this.limit) renameSync(this.file, `${this.file}.1`);
      appendFileSync(this.file, `${entry}\n`, { mode: 0o600 });
    } catch {
      // A disk that is full must not be the next error.
    }
  }

  #size(): number {
    return statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }
}

/** Name, code and system call, and the places of the stack; of causes too. */
function describe(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return `(${typeof error})`;
  const { code, syscall } = error as NodeJS.ErrnoException;
  const head = [error.name, code, syscall].filter(isWord).join(' ');
  const cause =
    error.cause !== undefined && depth < 3 ? [`  cause: ${describe(error.cause, depth + 1)}`] : [];
  return [head, ...places(error), ...cause].join('\n');
}

/** A name, a code: nothing that could be somebody's text. */
function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z]\w{0,63}$/.test(value);
}

/** The lines of the stack that name a place. The message stands before them, and may itself look like one. */
function places(error: Error): string[] {
  const stack = error.stack ?? '';
  const at = stack.indexOf(error.message);
  const rest = at < 0 ? '' : stack.slice(at + error.message.length);
  return rest.split('\n').filter((line) => /^ {4}at \S/.test(line));
}
