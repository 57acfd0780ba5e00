import { expect, type Locator, type Page } from '@playwright/test';
import { highWater, lowWater } from '../../src-main/app/terminals/flow';
import type { TerminalView } from '../../src-main/contract/state-work';
import type { Stage } from './stage';

type Target = TerminalView['target'];

const pieceCharacters = 64 * 1024;

/** A flood that stops at the same marks as main does. */
interface Flood {
  readonly text: string;
  left: number;
  readonly done: () => void;
}

export function terminalView(id: string, target: Target): TerminalView {
  return { id, target, title: names[target], state: 'opening', end: null, opened: 0 };
}

/** Plays main's side of the terminals: opens them, keeps their slice, counts what is acknowledged. */
export class TerminalsDouble {
  /** What was typed, by target. */
  readonly typed = { node1: '', node2: '', local: '' };
  /** Most characters that were on their way at once. */
  mostOpen = 0;
  #terminals: TerminalView[] = [];
  #next = 1;
  readonly #open = new Map<string, number>();
  readonly #floods = new Map<string, Flood>();
  /** Called for everything typed. */
  onTyped: (target: Target, data: string) => void = () => undefined;

  /** What a shell prints when it is opened. */
  prompt = 'nvidia@spark:~$ ';

  constructor(private readonly stage: Stage) {
    stage.answer('terminal.open', ({ target }) => {
      const terminal = terminalView(`terminal-${this.#next++}`, target);
      this.#set([...this.#terminals, terminal]);
      this.#begin(terminal.id);
      return { terminal };
    });
    stage.answer('terminal.reopen', ({ id }) => {
      this.#begin(id);
      return {};
    });
    stage.answer('terminal.write', ({ id, data }) => {
      const { target } = this.#get(id);
      this.typed[target] += data;
      if (data.includes('\u0003')) this.#stop(id);
      this.onTyped(target, data);
      return {};
    });
    stage.answer('terminal.acknowledge', ({ id, characters }) => {
      const open = this.open(id) - characters;
      expect(open, 'acknowledged more than was printed').toBeGreaterThanOrEqual(0);
      this.#open.set(id, open);
      if (open < lowWater) this.#pour(id);
      return {};
    });
  }

  /** A terminal that was opened before the window came; give it to the stage too. */
  has(terminal: TerminalView): void {
    this.#terminals.push(terminal);
  }

  id(target: Target): string {
    return this.#terminals.find((terminal) => terminal.target === target)?.id ?? 'none';
  }

  /** Characters that were printed and not acknowledged. */
  open(id: string): number {
    return this.#open.get(id) ?? 0;
  }

  print(target: Target, text: string): void {
    const id = this.id(target);
    for (let at = 0; at < text.length; at += pieceCharacters) {
      const piece = text.slice(at, at + pieceCharacters);
      this.#open.set(id, this.open(id) + piece.length);
      this.mostOpen = Math.max(this.mostOpen, this.open(id));
      this.stage.print(id, piece);
    }
  }

  /** Prints so many characters of a text again and again, no faster than they are acknowledged. */
  flood(target: Target, characters: number, text: string): Promise<void> {
    const id = this.id(target);
    const repeated = text.repeat(Math.ceil(pieceCharacters / text.length)).slice(0, pieceCharacters);
    return new Promise((done) => {
      this.#floods.set(id, { text: repeated, left: characters, done });
      this.#pour(id);
    });
  }

  end(target: Target, end: NonNullable<TerminalView['end']>): void {
    this.#become(this.id(target), { state: 'closed', end });
  }

  #pour(id: string): void {
    const flood = this.#floods.get(id);
    if (flood === undefined) return;
    while (flood.left > 0 && this.open(id) <= highWater) {
      const piece = flood.text.slice(0, flood.left);
      flood.left -= piece.length;
      this.print(this.#get(id).target, piece);
    }
    if (flood.left === 0 && this.open(id) < lowWater) this.#stop(id);
  }

  #stop(id: string): void {
    const flood = this.#floods.get(id);
    this.#floods.delete(id);
    flood?.done();
  }

  #begin(id: string): void {
    this.#become(id, { state: 'opening', end: null, opened: this.#get(id).opened + 1 });
    this.#become(id, { state: 'open', end: null });
    this.print(this.#get(id).target, this.prompt);
  }

  #become(id: string, changes: Partial<TerminalView>): void {
    this.#set(
      this.#terminals.map((terminal) => (terminal.id === id ? { ...terminal, ...changes } : terminal)),
    );
  }

  #set(terminals: TerminalView[]): void {
    this.#terminals = terminals;
    this.stage.push('terminals', terminals);
  }

  #get(id: string): TerminalView {
    const found = this.#terminals.find((terminal) => terminal.id === id);
    if (found === undefined) throw new Error(`no terminal ${id}`);
    return found;
  }
}

export const names = { node1: 'spark-5c2d', node2: 'spark-bd26', local: 'This computer' } as const;

/** The drawer as a person sees it. */
export class Drawer {
  /** @param main whoever answers: a drawer that is shown asks for terminals at once */
  constructor(
    private readonly page: Page,
    readonly main: unknown,
  ) {}

  async show(): Promise<void> {
    await this.page.getByRole('button', { name: 'Terminals', exact: true }).click();
    // Off the button, so that its tooltip goes.
    await this.page.mouse.move(640, 120);
  }

  pane(target: Target): Locator {
    return this.page.getByRole('region', { name: `Terminal of ${names[target]}` });
  }

  /** The lines that are in sight. */
  screen(target: Target): Locator {
    return this.pane(target).locator('.xterm-rows');
  }

  /** The field that takes the keys. */
  field(target: Target): Locator {
    return this.pane(target).getByRole('textbox', { name: `Terminal of ${names[target]}` });
  }

  /** Pastes as the browser does: by an event with the clipboard's text. */
  async paste(target: Target, text: string): Promise<void> {
    await this.field(target).evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }
}
