import type { Terminal, TerminalEnd, TerminalSize } from '../../../../src-main/core/ports';
import type { Opener } from '../../../../src-main/app/terminals/one-terminal';
import { Terminals, type TerminalEntry } from '../../../../src-main/app/terminals/terminals';
import type { Timers } from '../../../../src-main/app/terminals/timers';

/** Time that stands still until it is moved. */
export class FakeTimers implements Timers {
  #now = 1_000;
  #due: { at: number; work: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, work: () => void): () => void {
    const entry = { at: this.#now + ms, work };
    this.#due.push(entry);
    return () => (this.#due = this.#due.filter((other) => other !== entry));
  }

  get running(): number {
    return this.#due.length;
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#due.filter(({ at }) => at <= this.#now);
    this.#due = this.#due.filter(({ at }) => at > this.#now);
    for (const { work } of due) work();
  }
}

/** A shell whose output and end the test gives; it really stops while paused. */
export class FakeTerminal implements Terminal {
  readonly log: string[] = [];
  readonly closed: Promise<TerminalEnd>;
  paused = false;
  end: (end: TerminalEnd) => void = () => undefined;
  #listener: ((text: string) => void) | undefined;

  constructor(readonly size: TerminalSize) {
    this.closed = new Promise((resolve) => (this.end = resolve));
  }

  /** Says whether it was taken: a paused terminal prints nothing. */
  print(text: string): boolean {
    if (this.paused || this.#listener === undefined) return false;
    this.#listener(text);
    return true;
  }

  onData(listener: (text: string) => void): void {
    this.#listener = listener;
  }

  pause(): void {
    this.paused = true;
    this.log.push('pause');
  }

  resume(): void {
    this.paused = false;
    this.log.push('resume');
  }

  write(data: string): void {
    this.log.push(`write ${data}`);
  }

  resize({ columns, rows }: TerminalSize): void {
    this.log.push(`resize ${columns}x${rows}`);
  }

  close(): void {
    this.log.push('close');
    this.end({ kind: 'exit', code: null });
  }
}

/** Openings that the test answers when it likes. */
export class FakeOpener implements Opener {
  readonly openings: {
    size: TerminalSize;
    signal: AbortSignal;
    answer: (terminal: FakeTerminal) => void;
    refuse: (error: Error) => void;
  }[] = [];

  constructor(private readonly name: string) {}

  title(): string {
    return this.name;
  }

  open(size: TerminalSize, signal: AbortSignal): Promise<Terminal> {
    return new Promise((answer, refuse) => this.openings.push({ size, signal, answer, refuse }));
  }
}

/** {@link Terminals} over doubles; `told` is everything the window gets, in order. */
export function bench() {
  const timers = new FakeTimers();
  const openers = {
    node1: new FakeOpener('spark-a'),
    node2: new FakeOpener('spark-b'),
    local: new FakeOpener('laptop'),
  };
  const told: string[] = [];
  const lists: (readonly TerminalEntry[])[] = [];
  const terminals = new Terminals({
    openers,
    timers,
    sink: (id, text) => told.push(`${id}: ${text}`),
    changed: (list) => {
      lists.push(list);
      told.push(list.map(({ id, state, opened }) => `${id} ${state} ${opened}`).join(', '));
    },
  });
  /** Lets promises that are settled be heard. */
  const heard = () => new Promise<void>((resolve) => setImmediate(resolve));
  const size = { columns: 80, rows: 24 };
  /** An open terminal to node 1 and the shell behind it. */
  const open = async () => {
    const { id } = terminals.open('node1', size);
    const shell = new FakeTerminal(size);
    openers.node1.openings.at(-1)!.answer(shell);
    await heard();
    told.splice(0);
    return { id, shell };
  };
  return { timers, openers, told, lists, terminals, heard, size, open };
}
