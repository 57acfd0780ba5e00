import { limits } from '../contract/limits';
import type { Message } from '../contract/message';
import type { LogLine } from '../contract/state-work';
import type { State } from './state';

/** Characters of log text that are kept, and that one answer holds at most. */
const keptCharacters = 64 * 1024 * 1024;
const answeredCharacters = 2 * 1024 * 1024;

/** The last lines of what nodes printed and Twinspark said, bounded in number and size. */
export class Log {
  /** A ring: line n is at n modulo its length. */
  readonly #lines: LogLine[] = [];
  #first = 0;
  #next = 0;
  #characters = 0;

  constructor(private readonly state: State) {}

  printed(time: number, node: string, source: 'stdout' | 'stderr', text: string): void {
    this.#add({ time, node, source, text, message: null });
  }

  said(time: number, node: string, message: Message, about?: Message): void {
    this.#add({ time, node, source: 'app', text: '', message, ...(about ? { about } : {}) });
  }

  /** Lines from `from` on, as many as are held and fit into one answer. */
  read(from: number, count: number): LogLine[] {
    const lines: LogLine[] = [];
    let characters = 0;
    for (let number = Math.max(from, this.#first); number < this.#next && lines.length < count; number++) {
      const line = this.#lines[number % limits.logKept];
      if (!line || (characters > 0 && characters + line.text.length > answeredCharacters)) break;
      characters += line.text.length;
      lines.push(line);
    }
    return lines;
  }

  #add(rest: Omit<LogLine, 'number'>): void {
    const line = { number: this.#next, ...rest };
    if (this.#next - this.#first >= limits.logKept) this.#drop();
    this.#lines[this.#next % limits.logKept] = line;
    this.#next += 1;
    this.#characters += line.text.length;
    while (this.#characters > keptCharacters && this.#first < this.#next - 1) this.#drop();
    this.state.log([line], { first: this.#first, next: this.#next });
  }

  #drop(): void {
    const at = this.#first % limits.logKept;
    this.#characters -= this.#lines[at]?.text.length ?? 0;
    this.#first += 1;
  }
}
