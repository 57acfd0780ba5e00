import { limits } from '../../contract/limits';
import type { TerminalView } from '../../contract/state-work';
import { Failure, toFailure } from '../../core/failure';
import type { Terminal, TerminalSize } from '../../core/ports';
import { Coalescer } from './coalescer';
import { Flow } from './flow';
import type { Timers } from './timers';

/** How a terminal to one target is had. */
export interface Opener {
  /** What to call it now: the node's name, or this computer's. */
  title(): string;
  /** Called for each opening anew, on whatever connection there then is. @throws Failure NOT_CONNECTED, CONNECTION_LOST, TERMINAL_LIMIT, TERMINAL_UNAVAILABLE … */
  open(size: TerminalSize, signal: AbortSignal): Promise<Terminal>;
}

export interface OneTerminalOptions {
  readonly id: string;
  readonly target: TerminalView['target'];
  readonly opener: Opener;
  readonly timers: Timers;
  readonly sink: (text: string) => void;
  readonly changed: () => void;
}

/** A terminal as the window has it: it keeps its id while what is behind it is opened again. */
export class OneTerminal {
  readonly #coalescer: Coalescer;
  readonly #flow: Flow;
  #state: TerminalView['state'] = 'closed';
  #end: TerminalView['end'] = null;
  #title = '';
  #opened = 0;
  #terminal: Terminal | undefined;
  /** Aborts with the present attempt; what belongs to an older one is not heard any more. */
  #attempt = new AbortController();
  #size: TerminalSize = { columns: 80, rows: 24 };
  /** Typed before the shell was there. */
  #typed = '';

  constructor(private readonly options: OneTerminalOptions) {
    this.#coalescer = new Coalescer(options.timers, options.sink);
    this.#flow = new Flow({
      pause: () => {
        this.#terminal?.pause();
        // Nothing follows that would fill the piece up, and the screen has to see it to acknowledge it.
        this.#coalescer.flush();
      },
      resume: () => this.#terminal?.resume(),
    });
  }

  get id(): string {
    return this.options.id;
  }

  get view(): TerminalView & { readonly title: string; readonly opened: number } {
    const { id, target } = this.options;
    return { id, target, title: this.#title, state: this.#state, end: this.#end, opened: this.#opened };
  }

  /** Opens it, again too: what was open before is closed. The outcome is told by the view. */
  open(size: TerminalSize): void {
    this.#leave();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#size = size;
    this.#title = this.options.opener.title();
    this.#opened++;
    this.#become('opening', null);
    this.#start(size, attempt.signal).catch((error: unknown) => {
      if (attempt.signal.aborted) return;
      this.#typed = '';
      this.#become('closed', { kind: 'failed', code: null, failure: toFailure(error).info });
    });
  }

  async #start(size: TerminalSize, current: AbortSignal): Promise<void> {
    const terminal = await this.options.opener.open(size, current);
    if (current.aborted) {
      terminal.close();
      return;
    }
    this.#terminal = terminal;
    this.#become('open', null);
    const { columns, rows } = this.#size;
    if (columns !== size.columns || rows !== size.rows) terminal.resize(this.#size);
    terminal.onData((text) => {
      if (current.aborted) return;
      this.#coalescer.push(text);
      this.#flow.printed(text.length);
    });
    // The screen may still be at work on what the terminal before this one has printed.
    if (this.#flow.paused) terminal.pause();
    const typed = this.#typed;
    this.#typed = '';
    if (typed !== '') terminal.write(typed);
    void terminal.closed.then((end) => {
      if (current.aborted) return;
      this.#terminal = undefined;
      this.#coalescer.flush();
      const code = end.kind === 'exit' ? end.code : null;
      this.#become('closed', { kind: end.kind, code, failure: null });
    });
  }

  /** @throws Failure BAD_REQUEST when too much waits for a shell that is still being opened, or does not read */
  write(data: string): void {
    if (this.#state !== 'opening') {
      this.#terminal?.write(data);
      return;
    }
    if (this.#typed.length + data.length > limits.terminalWrite) {
      throw new Failure('BAD_REQUEST', { reason: 'terminal input' });
    }
    this.#typed += data;
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#terminal?.resize(size);
  }

  acknowledge(characters: number): void {
    this.#flow.acknowledged(characters);
  }

  forgetUnacknowledged(): void {
    this.#flow.forget();
  }

  /** Ends it for good; nothing of it is told any more. */
  close(): void {
    this.#coalescer.drop();
    this.#leave();
    this.#state = 'closed';
  }

  #leave(): void {
    this.#attempt.abort();
    this.#typed = '';
    this.#coalescer.flush();
    this.#terminal?.close();
    this.#terminal = undefined;
  }

  #become(state: TerminalView['state'], end: TerminalView['end']): void {
    this.#state = state;
    this.#end = end;
    this.options.changed();
  }
}
