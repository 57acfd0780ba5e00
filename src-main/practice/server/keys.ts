import { StringDecoder } from 'node:string_decoder';

/** A key: one character, or an escape sequence without its ESC (`[A`, `OH`, `[3~`). */
export type Key = { readonly char: string } | { readonly sequence: string };

/** Keys pressed on a terminal, decoded; what is typed ahead waits. */
export class Keys {
  readonly #decoder = new StringDecoder('utf8');
  #text = '';
  #ended = false;
  #waiting: (() => void)[] = [];

  push(chunk: Buffer): void {
    this.#text += this.#decoder.write(chunk);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Forgets what was typed ahead. */
  clear(): void {
    this.#text = '';
  }

  /** The next key; undefined when the terminal is gone. */
  async next(): Promise<Key | undefined> {
    for (;;) {
      const key = this.#take();
      if (key !== undefined) return key;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #take(): Key | undefined {
    if (this.#text === '') return undefined;
    if (!this.#text.startsWith('\x1b')) {
      const [char = ''] = this.#text;
      this.#text = this.#text.slice(char.length);
      return { char };
    }
    const sequence = /^\x1b(\[[0-9;]*[A-Za-z~]|O[A-Za-z]|[^[O])/u.exec(this.#text);
    if (sequence !== null) {
      this.#text = this.#text.slice(sequence[0].length);
      return { sequence: sequence[1] ?? '' };
    }
    // The rest of a sequence is still on its way, unless this can be none.
    if (/^\x1b(\[[0-9;]{0,16}|O)?$/.test(this.#text) && !this.#ended) return undefined;
    this.#text = this.#text.slice(1);
    return { sequence: '' };
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
