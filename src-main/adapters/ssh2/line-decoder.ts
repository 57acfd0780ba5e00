import { StringDecoder } from 'node:string_decoder';

/** Longest line that is told live, in characters; the rest of a longer one is left out. */
export const maxLineLength = 16 * 1024;

/**
 * Cuts a byte stream into lines as it arrives. UTF-8 sequences may be split over chunks; a bad one becomes U+FFFD.
 * LF, CR LF and a lone CR end a line: a progress bar that draws over itself is told step by step.
 */
export class LineDecoder {
  readonly #decoder = new StringDecoder('utf8');
  #line = '';
  /** The last chunk ended in CR: a LF that follows belongs to it. */
  #afterCr = false;

  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: Uint8Array): void {
    this.#take(this.#decoder.write(chunk));
  }

  /** Tells the last line, if it has no line end. */
  end(): void {
    this.#take(this.#decoder.end());
    if (this.#line !== '') this.#tell();
  }

  #take(text: string): void {
    if (text === '') return;
    let from = this.#afterCr && text.startsWith('\n') ? 1 : 0;
    this.#afterCr = text.endsWith('\r');
    for (let at = nextEnd(text, from); at >= 0; at = nextEnd(text, from)) {
      this.#append(text, from, at);
      this.#tell();
      from = at + (text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1);
    }
    this.#append(text, from, text.length);
  }

  #append(text: string, from: number, to: number): void {
    const room = maxLineLength - this.#line.length;
    if (room > 0 && to > from) this.#line += text.slice(from, Math.min(to, from + room));
  }

  #tell(): void {
    const line = this.#line;
    this.#line = '';
    this.onLine(line);
  }
}

function nextEnd(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  const cr = text.slice(from, lf < 0 ? undefined : lf).indexOf('\r');
  return cr < 0 ? lf : from + cr;
}
