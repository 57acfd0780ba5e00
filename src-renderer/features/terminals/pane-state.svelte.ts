import { CallFailure, limits, type FailureInfo, type TerminalView } from '../../api/types';
import type { AppState } from '../../state/app-state.svelte';
import { Acknowledger } from './acknowledger';
import { InputQueue } from './input-queue';
import { preparePaste, typedText } from './input-text';
import type { NotTyped, Question } from './question';
import { Rest } from './rest';
import type { Hits, Screen, Size, Step } from './screen';
import type { Shade } from '../../state/shade.svelte';
import { hits } from './theme';
import { windowTimers } from './timers';

export type Target = TerminalView['target'];

/** How long a command waits for the shell before it is offered for copying, ms. */
const typingLimitMs = 15_000;

/** The person, or a newer command, has ended the wait. */
const calledOff = 'called off';

/** A terminal as the drawer shows it: what is behind it comes and goes, the pane stays. */
export class Pane {
  /** What the program in it calls itself; untrusted, filtered. */
  title = $state.raw('');
  searching = $state.raw(false);
  hits = $state.raw<Hits>({ index: 0, count: 0 });
  question = $state.raw<Question | null>(null);
  /** Why it could not be opened. */
  refusal = $state.raw<FailureInfo | null>(null);
  screenReader = $state.raw(false);
  /** A command waits for the shell. */
  typing = $state.raw(false);

  readonly view: TerminalView | undefined = $derived.by(() =>
    this.app.terminals.findLast(({ target }) => target === this.target),
  );
  readonly node = $derived.by(() => (this.target === 'local' ? undefined : this.app.node(this.target)));
  readonly reachable: boolean = $derived.by(() =>
    this.target === 'local' ? this.app.info.localTerminal : this.node?.state === 'connected',
  );

  /** Codes of the words for it: `window.terminal.state.PHASE`. */
  readonly phase = $derived.by(() => {
    const { view } = this;
    if (this.refusal !== null) return 'failed';
    if (view === undefined) return this.reachable ? 'opening' : 'none';
    if (view.state !== 'closed') return view.state;
    return view.end?.kind === 'exit' ? 'ended' : (view.end?.kind ?? 'lost');
  });

  #screen: Screen | undefined;
  /** The terminal that is listened to. */
  #id: string | undefined;
  #stopListening: (() => void) | undefined;
  #acknowledger: Acknowledger | undefined;
  /** This window has asked for the terminal that is there, or will be. */
  #asked = false;
  /** The size that main knows. */
  #told: Size | undefined;
  /** To be opened as soon as the node is connected. */
  #wanted = false;
  /** The shell has asked for brackets once: it does so whenever it waits for a command. */
  #bracketsKnown = false;
  #typingGivenUp: AbortController | undefined;
  readonly #rest = new Rest(windowTimers);
  readonly #input = new InputQueue({
    callCharacters: limits.terminalWrite,
    send: (data) => this.#write(data),
  });

  constructor(
    private readonly app: AppState,
    readonly target: Target,
  ) {}

  /** The element is there. @returns the way to take it off again */
  setScreen(screen: Screen): () => void {
    this.#screen = screen;
    return () => {
      this.#detach();
      this.#asked = false;
      this.#told = undefined;
      this.#screen = undefined;
      screen.dispose();
    };
  }

  /** Listens to the terminal that is there now; the one before it is of another machine and is wiped off. */
  attach(id: string | undefined): void {
    const screen = this.#screen;
    if (screen === undefined || id === this.#id) return;
    if (this.#id !== undefined) {
      this.#detach();
      screen.wipe();
    }
    if (id === undefined) {
      this.#asked = false;
      this.#told = undefined;
      return;
    }
    this.#id = id;
    this.#bracketsKnown = false;
    this.#rest.begin();
    const acknowledger = new Acknowledger((characters) => {
      // Where the terminal or the way to main has gone, nothing waits for it any more.
      this.app.client['terminal.acknowledge']({ id, characters }).catch(() => undefined);
    }, windowTimers);
    this.#acknowledger = acknowledger;
    this.#stopListening = this.app.terminalFeed.listen(id, (text) => {
      this.#rest.heard();
      screen.write(text, (characters) => {
        acknowledger.parsed(characters);
        if (screen.brackets) this.#bracketsKnown = true;
      });
    });
    if (this.#asked) this.resized(screen.size);
    else this.#redraw(screen.size);
  }

  /** Opens a terminal where none is, once. */
  openOnce(): void {
    if (!this.reachable || this.#screen === undefined) return;
    if (this.#wanted || (!this.#asked && this.view === undefined)) this.open();
  }

  /** Connects the pair again, and opens the terminal as soon as its node is there. */
  async connect(): Promise<void> {
    this.#wanted = true;
    await this.app.call(this.app.client['pair.connect']({}));
  }

  /** Opens a terminal, or the one that has ended again. */
  open(): void {
    const size = this.#screen?.size;
    if (size === undefined) return;
    this.#asked = true;
    this.#wanted = false;
    this.#told = size;
    this.refusal = null;
    const { view } = this;
    if (view === undefined) {
      void this.#ask(this.app.client['terminal.open']({ target: this.target, ...size }));
      return;
    }
    this.title = '';
    this.#bracketsKnown = false;
    this.#rest.begin();
    this.#screen?.begin();
    void this.#ask(this.app.client['terminal.reopen']({ id: view.id, ...size }));
  }

  focus(): void {
    this.#screen?.focus();
  }

  clear(): void {
    this.#screen?.clear();
    this.#screen?.focus();
  }

  get selection(): string {
    return this.#screen?.selection ?? '';
  }

  find(term: string, step: Step, shade: Shade): void {
    this.#screen?.find(term, step, hits[shade]);
  }

  endSearch(): void {
    this.searching = false;
    this.#screen?.endSearch();
    this.#screen?.focus();
  }

  typed(data: string): void {
    if (this.view?.state !== 'closed') this.#input.push(data);
  }

  resized(size: Size): void {
    const same = this.#told?.columns === size.columns && this.#told.rows === size.rows;
    if (this.#id === undefined || same) return;
    this.#told = size;
    this.#resize(this.#id, size);
  }

  pasted(text: string): void {
    const paste = preparePaste(text, this.#screen?.brackets ?? false);
    if (paste.ask) this.question = { kind: 'paste', paste };
    else this.paste(paste.data);
  }

  /** Sends what was pasted, as it was prepared. */
  paste(data: string): void {
    if (this.view === undefined || this.view.state === 'closed' || data === '') return;
    if (!this.#input.push(data)) this.question = { kind: 'paste-too-long', characters: data.length };
  }

  /**
   * Types a command without running it, as soon as the shell waits for one. Where that does not come about, or the command
   * cannot be typed without running a part of it, it is offered for copying.
   */
  async type(text: string): Promise<void> {
    this.cancelTyping();
    const given = new AbortController();
    this.#typingGivenUp = given;
    this.typing = true;
    const isOver = this.view === undefined ? this.refusal !== null : this.view.state === 'closed';
    if (isOver && this.reachable) this.open();
    const rested = await this.#rest.wait(typingLimitMs, () => this.#waitsForCommand(), given.signal);
    if (given.signal.reason === calledOff) return;
    this.typing = false;
    if (!rested) {
      this.#notTyped(text, this.view?.state === 'open' ? 'busy' : 'not-open');
      return;
    }
    const data = typedText(text, this.#screen?.brackets ?? false);
    if (data === null) this.#notTyped(text, 'several-lines');
    else if (!this.#input.push(data)) this.#notTyped(text, 'too-long');
    else this.#screen?.focus();
  }

  cancelTyping(): void {
    this.#typingGivenUp?.abort(calledOff);
    this.#typingGivenUp = undefined;
    this.typing = false;
  }

  /** A shell that brackets pastes does so while it waits for a command, and not while one runs. */
  #waitsForCommand(): boolean {
    const screen = this.#screen;
    if (screen === undefined || this.view?.state !== 'open' || screen.otherScreen) return false;
    return screen.brackets || !this.#bracketsKnown;
  }

  #notTyped(text: string, reason: NotTyped): void {
    this.question = { kind: 'not-typed', text, reason };
  }

  async #write(data: string): Promise<void> {
    const id = this.#id;
    if (id !== undefined) await this.app.client['terminal.write']({ id, data });
  }

  #resize(id: string, size: Size): void {
    this.app.client['terminal.resize']({ id, ...size }).catch(() => undefined);
  }

  /** A shell that another window has opened: two changes of size make it draw its line again. */
  #redraw({ columns, rows }: Size): void {
    if (this.#id === undefined) return;
    this.#resize(this.#id, { columns, rows: rows > 1 ? rows - 1 : rows + 1 });
    this.#resize(this.#id, { columns, rows });
    this.#told = { columns, rows };
  }

  #detach(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#acknowledger?.flush();
    this.#acknowledger = undefined;
    this.#id = undefined;
    this.title = '';
    this.refusal = null;
  }

  async #ask(question: Promise<unknown>): Promise<void> {
    try {
      await question;
    } catch (failure) {
      if (!(failure instanceof CallFailure)) throw failure;
      this.refusal = failure.info;
      // No shell will come for what waits to be typed.
      this.#typingGivenUp?.abort();
    }
  }
}
