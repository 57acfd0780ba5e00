import { setTimeout as wait } from 'node:timers/promises';
import { systemTimers } from '../../src-main/app/terminals/timers';
import { Terminals, type TerminalEntry } from '../../src-main/app/terminals/terminals';
import type { Session } from '../../src-main/core/ports';

const kept = 64 * 1024;

/**
 * A window with one terminal: takes output as a real one does, in its own time, and acknowledges what it has worked off.
 * `shown` is what a person would have seen.
 */
export class Screen {
  readonly terminals: Terminals;
  readonly id: string;
  /** Characters a second; Infinity works off at once, 0 never. */
  speed = Infinity;
  shown = 0;
  /** Told and not shown, now and at most. */
  held = 0;
  mostHeld = 0;
  onText: (text: string) => void = () => undefined;
  #recent = '';
  #queue: string[] = [];
  #working = false;
  #check: () => void = () => undefined;

  constructor(
    session: Session,
    private readonly size = { columns: 80, rows: 24 },
  ) {
    const opener = {
      title: () => session.node,
      open: (wanted: { columns: number; rows: number }, signal: AbortSignal) =>
        session.openTerminal(wanted, { signal }),
    };
    this.terminals = new Terminals({
      openers: { node1: opener, node2: opener, local: opener },
      timers: systemTimers,
      sink: (_id, text) => this.#take(text),
      changed: () => this.#check(),
    });
    this.id = this.terminals.open('node1', size).id;
  }

  get entry(): TerminalEntry {
    const [entry] = this.terminals.list();
    if (entry === undefined) throw new Error('closed');
    return entry;
  }

  type(text: string): void {
    this.terminals.write(this.id, text);
  }

  reopen(): void {
    this.terminals.reopen(this.id, this.size);
  }

  /** Resolves when `pattern` has been shown; what is up to it is forgotten. */
  until(pattern: RegExp): Promise<string> {
    return this.#when(() => {
      const found = pattern.exec(this.#recent);
      if (found === null) return undefined;
      this.#recent = this.#recent.slice(found.index + found[0].length);
      return found[0];
    });
  }

  ended(): Promise<TerminalEntry> {
    return this.#when(() => (this.entry.state === 'closed' ? this.entry : undefined));
  }

  /** Resolves when so many characters wait to be shown. */
  holding(characters: number): Promise<true> {
    return this.#when(() => (this.held >= characters ? true : undefined));
  }

  /** Goes on after `speed` was 0. */
  work(): void {
    if (this.#working) return;
    this.#working = true;
    void this.#workOff().finally(() => (this.#working = false));
  }

  #when<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      this.#check = () => {
        const found = look();
        if (found === undefined) return;
        this.#check = () => undefined;
        resolve(found);
      };
      this.#check();
    });
  }

  #take(text: string): void {
    this.held += text.length;
    this.mostHeld = Math.max(this.mostHeld, this.held);
    if (this.speed === Infinity && this.#queue.length === 0) {
      this.#show(text);
      return;
    }
    this.#queue.push(text);
    this.#check();
    this.work();
  }

  async #workOff(): Promise<void> {
    const slice = 16 * 1024;
    while (this.speed > 0 && this.#queue.length > 0) {
      const text = this.#queue.shift() ?? '';
      for (let at = 0; at < text.length; at += slice) {
        const part = text.slice(at, at + slice);
        // This is the slowness of the screen itself.
        if (this.speed !== Infinity) await wait((part.length / this.speed) * 1000);
        this.#show(part);
      }
    }
  }

  #show(text: string): void {
    this.held -= text.length;
    this.shown += text.length;
    this.#recent = (this.#recent + text).slice(-kept);
    this.onText(text);
    this.terminals.ack(this.id, text.length);
    this.#check();
  }
}
