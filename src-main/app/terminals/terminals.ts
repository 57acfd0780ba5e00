import type { TerminalView } from '../../contract/state-work';
import { Failure } from '../../core/failure';
import type { TerminalSize } from '../../core/ports';
import { checkCount, checkInput, checkSize } from './bounds';
import { OneTerminal, type Opener } from './one-terminal';
import type { Timers } from './timers';

export type TerminalTarget = TerminalView['target'];

export interface TerminalEntry extends TerminalView {
  /** The node's name, or this computer's. */
  readonly title: string;
  /** How often it was opened. When it grows, what follows comes from another shell: the screen shows a mark. */
  readonly opened: number;
}

export interface TerminalsOptions {
  /** How a terminal to each target is had. */
  readonly openers: Readonly<Record<TerminalTarget, Opener>>;
  /** Receives output in order, in pieces of 64 Ki characters at most. */
  readonly sink: (id: string, text: string) => void;
  /** Called after every change of {@link Terminals.list}, in order with `sink`. */
  readonly changed: (terminals: readonly TerminalEntry[]) => void;
  readonly timers: Timers;
}

const most = 8;

/** The terminals of the window. Those that have ended stay until they are closed, and count. */
export class Terminals {
  readonly #terminals = new Map<string, OneTerminal>();
  #next = 1;

  constructor(private readonly options: TerminalsOptions) {}

  list(): TerminalEntry[] {
    return [...this.#terminals.values()].map((terminal) => terminal.view);
  }

  /**
   * Begins to open one; how that goes is told by `changed`. What is typed meanwhile is typed when the shell is there.
   * @throws Failure TERMINAL_LIMIT (params: limit), BAD_REQUEST
   */
  open(target: TerminalTarget, size: TerminalSize): TerminalEntry {
    checkSize(size);
    if (this.#terminals.size >= most) throw new Failure('TERMINAL_LIMIT', { limit: most });
    const { openers, sink, timers } = this.options;
    const id = `terminal-${this.#next++}`;
    const terminal = new OneTerminal({
      id,
      target,
      opener: openers[target],
      timers,
      sink: (text) => sink(id, text),
      changed: () => this.#changed(),
    });
    this.#terminals.set(id, terminal);
    terminal.open(size);
    return terminal.view;
  }

  /** Closes what is open behind the id and opens it again. @throws Failure NOT_FOUND, BAD_REQUEST */
  reopen(id: string, size: TerminalSize): void {
    checkSize(size);
    this.#get(id).open(size);
  }

  /** Types at most 64 Ki characters; nothing happens when it has ended. @throws Failure NOT_FOUND, BAD_REQUEST */
  write(id: string, data: string): void {
    checkInput(data);
    this.#get(id).write(data);
  }

  /** @throws Failure NOT_FOUND, BAD_REQUEST */
  resize(id: string, size: TerminalSize): void {
    checkSize(size);
    this.#get(id).resize(size);
  }

  /**
   * So many characters of it have been through the screen's parser. Late ones of a closed terminal are no mistake.
   * @throws Failure BAD_REQUEST
   */
  ack(id: string, characters: number): void {
    checkCount(characters);
    this.#terminals.get(id)?.acknowledge(characters);
  }

  /** Another window has taken over: what the last one has not acknowledged never will be. */
  forgetUnacknowledged(): void {
    for (const terminal of this.#terminals.values()) terminal.forgetUnacknowledged();
  }

  /** Ends it and takes it off the list. @throws Failure NOT_FOUND */
  close(id: string): void {
    this.#get(id).close();
    this.#terminals.delete(id);
    this.#changed();
  }

  closeAll(): void {
    if (this.#terminals.size === 0) return;
    for (const terminal of this.#terminals.values()) terminal.close();
    this.#terminals.clear();
    this.#changed();
  }

  #get(id: string): OneTerminal {
    const terminal = this.#terminals.get(id);
    if (terminal === undefined) throw new Failure('NOT_FOUND', { what: 'terminal', id });
    return terminal;
  }

  #changed(): void {
    this.options.changed(this.list());
  }
}
