import type { Keys } from './keys';
import { LineView } from './line-view';

export interface LineEditorOptions {
  readonly keys: Keys;
  readonly write: (text: string) => void;
  readonly columns: () => number;
  /** What the word before the cursor may be completed to. */
  readonly complete?: (line: string) => Promise<readonly string[]>;
}

/** How a line ended: entered, given up with Ctrl-C, or Ctrl-D on an empty line (also when the terminal is gone). */
export type Entered =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'end' };

const historySize = 500;

/** A line editor with history, in the way of readline. */
export class LineEditor {
  readonly #history: string[] = [];
  readonly #view: LineView;
  #chars: string[] = [];
  #cursor = 0;
  /** Place in the history; its length is the line being written. */
  #at = 0;
  #draft = '';
  #prompt = '';
  #asking = false;

  constructor(private readonly options: LineEditorOptions) {
    this.#view = new LineView(options.columns);
  }

  /** A secret is being read: Ctrl-C gives up the question, not what asked it. */
  get asking(): boolean {
    return this.#asking;
  }

  async read(prompt: string): Promise<Entered> {
    this.#prompt = prompt;
    this.#chars = [];
    this.#cursor = 0;
    this.#at = this.#history.length;
    this.#draft = '';
    this.options.write(this.#view.begin(prompt));
    for (;;) {
      const key = await this.options.keys.next();
      if (key === undefined) return { kind: 'end' };
      if ('sequence' in key) {
        this.#sequences[key.sequence.replace(/^[[O]/, '')]?.();
        continue;
      }
      const entered = await this.#char(key.char);
      if (entered !== undefined) return entered;
    }
  }

  /** Reads a line without showing it; undefined when it was given up. */
  async readSecret(prompt: string): Promise<string | undefined> {
    this.#asking = true;
    try {
      return await this.#secret(prompt);
    } finally {
      this.#asking = false;
    }
  }

  async #secret(prompt: string): Promise<string | undefined> {
    const { keys, write } = this.options;
    write(prompt);
    let text = '';
    for (;;) {
      const key = await keys.next();
      if (key === undefined) return undefined;
      if (!('char' in key)) continue;
      const { char } = key;
      if (char === '\r' || char === '\n') {
        write('\r\n');
        return text;
      }
      if (char === '\x03' || (char === '\x04' && text === '')) {
        write('\r\n');
        return undefined;
      }
      if (char === '\x7f' || char === '\b') text = Array.from(text).slice(0, -1).join('');
      else if (char === '\x15') text = '';
      else if (char >= ' ') text += char;
    }
  }

  async #char(char: string): Promise<Entered | undefined> {
    if (char === '\r' || char === '\n') return this.#enter();
    if (char === '\x03') {
      this.options.write(`^C${this.#view.leave(this.#prompt, this.#chars)}`);
      return { kind: 'interrupt' };
    }
    if (char === '\x04' && this.#chars.length === 0) return { kind: 'end' };
    if (char === '\t') await this.#complete();
    else if (char >= ' ' && char !== '\x7f') this.#insert([char]);
    else this.#controls[char]?.();
    return undefined;
  }

  readonly #controls: Partial<Record<string, () => void>> = {
    '\x01': () => this.#move(0),
    '\x02': () => this.#move(this.#cursor - 1),
    '\x04': () => this.#remove(this.#cursor, 1),
    '\x05': () => this.#move(this.#chars.length),
    '\x06': () => this.#move(this.#cursor + 1),
    '\b': () => this.#back(),
    '\x0b': () => this.#remove(this.#cursor, this.#chars.length),
    '\x0c': () => this.#clear(),
    '\x0e': () => this.#recall(1),
    '\x10': () => this.#recall(-1),
    '\x15': () => this.#remove(0, this.#cursor),
    '\x17': () => this.#remove(this.#wordStart(), this.#cursor - this.#wordStart()),
    '\x7f': () => this.#back(),
  };

  readonly #sequences: Partial<Record<string, () => void>> = {
    A: () => this.#recall(-1),
    B: () => this.#recall(1),
    C: () => this.#move(this.#cursor + 1),
    D: () => this.#move(this.#cursor - 1),
    H: () => this.#move(0),
    F: () => this.#move(this.#chars.length),
    '1~': () => this.#move(0),
    '4~': () => this.#move(this.#chars.length),
    '3~': () => this.#remove(this.#cursor, 1),
  };

  #enter(): Entered {
    const text = this.#chars.join('');
    this.options.write(this.#view.leave(this.#prompt, this.#chars));
    if (text.trim() !== '' && text !== this.#history.at(-1)) {
      this.#history.push(text);
      if (this.#history.length > historySize) this.#history.shift();
    }
    return { kind: 'line', text };
  }

  #back(): void {
    if (this.#cursor > 0) this.#remove(this.#cursor - 1, 1);
  }

  #clear(): void {
    this.options.write(`\x1b[H\x1b[2J${this.#view.begin(this.#prompt)}`);
    this.#draw();
  }

  #insert(chars: readonly string[]): void {
    const atEnd = this.#cursor === this.#chars.length;
    const appended = atEnd ? this.#view.append(this.#prompt, this.#chars, chars) : undefined;
    this.#chars.splice(this.#cursor, 0, ...chars);
    this.#cursor += chars.length;
    if (appended === undefined) this.#draw();
    else this.options.write(appended);
  }

  #remove(from: number, count: number): void {
    this.#chars.splice(from, count);
    this.#cursor = from;
    this.#draw();
  }

  #move(to: number): void {
    this.#cursor = Math.max(0, Math.min(this.#chars.length, to));
    this.#draw();
  }

  #recall(step: number): void {
    const to = this.#at + step;
    if (to < 0 || to > this.#history.length) return;
    if (this.#at === this.#history.length) this.#draft = this.#chars.join('');
    this.#at = to;
    this.#chars = Array.from(this.#history[to] ?? this.#draft);
    this.#cursor = this.#chars.length;
    this.#draw();
  }

  #wordStart(): number {
    const before = this.#chars.slice(0, this.#cursor).join('');
    return Array.from(before.replace(/\S+\s*$/u, '')).length;
  }

  async #complete(): Promise<void> {
    const line = this.#chars.slice(0, this.#cursor).join('');
    const found = (await this.options.complete?.(line)) ?? [];
    const [only] = found;
    if (only === undefined) return;
    const word = /\S*$/u.exec(line)?.[0] ?? '';
    const shared = found.reduce((all, one) => common(all, one));
    if (shared.length > word.length) this.#insert(Array.from(shared.slice(word.length)));
    if (shared.length > word.length || found.length === 1) return;
    const below = this.#view.leave(this.#prompt, this.#chars);
    this.options.write(`${below}${found.join('  ')}\r\n${this.#view.begin(this.#prompt)}`);
    this.#draw();
  }

  #draw(): void {
    this.options.write(this.#view.redraw(this.#prompt, this.#chars, this.#cursor));
  }
}

function common(one: string, two: string): string {
  let length = 0;
  while (length < one.length && one[length] === two[length]) length++;
  return one.slice(0, length);
}
