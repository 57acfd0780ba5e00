import type { FitAddon } from '@xterm/addon-fit';
import type { SearchAddon } from '@xterm/addon-search';
import type { ITheme, Terminal } from '@xterm/xterm';
import { Gpu } from './gpu';
import { shortcut, type Shortcut } from './keys';
import type { Xterm } from './load-xterm';
import { firstModes, refuseHarmful } from './sequences';
import { slices } from './slices';
import { shownTitle } from './title';
import { webLink } from './web-link';

/** Lines above the pane that are kept; with these the memory of a pane is bounded. */
export const scrollback = 5000;

/** Search hits that are marked and counted at most. */
export const mostHits = 1000;

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Look {
  readonly theme: ITheme;
  readonly fontFamily: string;
  /** CSS px. */
  readonly fontSize: number;
}

export interface Hits {
  /** From 1; 0 for none. */
  readonly index: number;
  readonly count: number;
}

/** `stay` keeps the present hit while it fits, for a search as you type. */
export type Step = 'next' | 'previous' | 'stay';

/** What a screen tells. */
export interface ScreenEvents {
  /** Goes to the shell: keys, and answers to its questions. */
  readonly typed: (data: string) => void;
  readonly pasted: (text: string) => void;
  readonly resized: (size: Size) => void;
  /** As text that can be shown. */
  readonly titled: (title: string) => void;
  /** A link was chosen; null when it must not be opened. */
  readonly link: (address: string | null, text: string) => void;
  readonly shortcut: (shortcut: Exclude<Shortcut, 'paste'>) => void;
  readonly found: (hits: Hits) => void;
}

/** A terminal's screen: xterm.js with its addons, in an element of the page. */
export class Screen {
  readonly #terminal: Terminal;
  readonly #fit: FitAddon;
  readonly #search: SearchAddon;
  readonly #gpu: Gpu;
  readonly #resizing: ResizeObserver;
  readonly #endings: (() => void)[] = [];
  #frame: number | undefined;
  #size: Size;

  constructor(
    private readonly host: HTMLElement,
    private readonly xterm: Xterm,
    look: Look,
    private readonly mac: boolean,
    private readonly events: ScreenEvents,
  ) {
    const terminal = new xterm.Terminal({
      // For unicode widths and the marks of search hits.
      allowProposedApi: true,
      cursorBlink: false,
      cursorInactiveStyle: 'outline',
      linkHandler: { activate: (_event, text) => events.link(webLink(text), text) },
      // What a node prints in a colour is legible on every background that it chooses.
      minimumContrastRatio: 4.5,
      macOptionClickForcesSelection: true,
      scrollback,
      ...look,
    });
    this.#terminal = terminal;
    this.#fit = new xterm.FitAddon();
    this.#search = new xterm.SearchAddon({ highlightLimit: mostHits });
    terminal.loadAddon(this.#fit);
    terminal.loadAddon(this.#search);
    terminal.loadAddon(new xterm.Unicode11Addon());
    terminal.unicode.activeVersion = '11';
    terminal.loadAddon(new xterm.WebLinksAddon((_event, text) => events.link(webLink(text), text)));
    refuseHarmful(terminal);
    terminal.attachCustomKeyEventHandler((event) => this.#key(event));
    terminal.open(host);
    this.#fit.fit();
    this.#size = { columns: terminal.cols, rows: terminal.rows };
    this.#gpu = new Gpu(terminal, xterm.WebglAddon);
    terminal.onData((data) => events.typed(data));
    // Mouse reports in the oldest form, a byte a number. Those above 127 would be sent as two bytes: better none at all.
    terminal.onBinary((data) => {
      if (/^[\u0000-\u007f]*$/.test(data)) events.typed(data);
    });
    terminal.onTitleChange((title) => events.titled(shownTitle(title)));
    terminal.onResize(({ cols, rows }) => {
      this.#size = { columns: cols, rows };
      events.resized(this.#size);
    });
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) =>
      events.found({ index: resultIndex + 1, count: resultCount }),
    );
    this.#resizing = new ResizeObserver(() => this.#fitSoon());
    this.#resizing.observe(host);
    this.#takePastes();
  }

  get size(): Size {
    return this.#size;
  }

  /** The program in the terminal has asked for pastes in brackets. */
  get brackets(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }

  /** A program has the whole screen: an editor, a pager. */
  get otherScreen(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** @param parsed called for each piece that has been through the parser, with its characters */
  write(text: string, parsed: (characters: number) => void): void {
    for (const { text: piece, characters } of slices(text)) {
      this.#terminal.write(piece, () => parsed(characters));
    }
  }

  /** Another shell begins here; what the last one has printed stays. */
  begin(): void {
    this.#terminal.write(firstModes(this.otherScreen, this.#terminal.buffer.active.cursorX));
  }

  /** Everything off the screen, modes included: another machine begins here. */
  wipe(): void {
    this.#terminal.reset();
  }

  /** Takes away what was printed, but the line that the cursor is in. */
  clear(): void {
    this.#terminal.clear();
  }

  focus(): void {
    this.#terminal.focus();
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  setLook(look: Look): void {
    Object.assign(this.#terminal.options, look);
    this.#fitSoon();
  }

  /**
   * @param label what the field that takes the keys is called
   * @param hint how to get out of it
   * @param tooMuch what a screen reader says instead of a flood
   */
  setLabel(label: string, hint: string, tooMuch: string): void {
    this.xterm.Terminal.strings.tooMuchOutput = tooMuch;
    const { textarea } = this.#terminal;
    textarea?.setAttribute('aria-label', label);
    textarea?.setAttribute('aria-description', hint);
  }

  setScreenReader(on: boolean): void {
    this.#terminal.options.screenReaderMode = on;
  }

  show(visible: boolean): void {
    this.#gpu.show(visible);
    if (visible) this.#fitSoon();
  }

  /** Marks every hit and goes to one; an empty term ends the marks. */
  find(term: string, step: Step, colours: { hit: string; active: string; edge: string }): void {
    const decorations = {
      matchBackground: colours.hit,
      matchOverviewRuler: colours.edge,
      activeMatchBackground: colours.active,
      activeMatchBorder: colours.edge,
      activeMatchColorOverviewRuler: colours.edge,
    };
    if (term === '') {
      this.#search.clearDecorations();
      this.#terminal.clearSelection();
      this.events.found({ index: 0, count: 0 });
    } else if (step === 'next') this.#search.findNext(term, { decorations });
    else this.#search.findPrevious(term, { decorations, incremental: step === 'stay' });
  }

  endSearch(): void {
    this.#search.clearDecorations();
  }

  dispose(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#resizing.disconnect();
    for (const end of this.#endings) end();
    this.#gpu.dispose();
    this.#terminal.dispose();
  }

  /** Measures once a frame: a drag of the drawer's edge changes the size more often. */
  #fitSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      if (this.host.clientWidth > 0 && this.host.clientHeight > 0) this.#fit.fit();
    });
  }

  /** @returns whether xterm.js handles the key */
  #key(event: KeyboardEvent): boolean {
    const wanted = shortcut(event, this.mac);
    if (wanted === null) return true;
    // Pasting is left to the browser: it gives the clipboard by an event, without asking for a permission.
    if (wanted === 'paste') return false;
    event.preventDefault();
    this.events.shortcut(wanted);
    return false;
  }

  /** Takes pastes before xterm.js does: it would send line ends without a question. */
  #takePastes(): void {
    const take = (event: ClipboardEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (text !== '') this.events.pasted(text);
    };
    this.host.addEventListener('paste', take, { capture: true });
    this.#endings.push(() => this.host.removeEventListener('paste', take, { capture: true }));
  }
}
