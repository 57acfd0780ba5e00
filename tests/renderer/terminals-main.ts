import type { Opener } from '../../src-main/app/terminals/one-terminal';
import { Terminals } from '../../src-main/app/terminals/terminals';
import { systemTimers } from '../../src-main/app/terminals/timers';
import { methods } from '../../src-main/contract/methods';
import type { Slices } from '../../src-main/contract/slices';
import type { Push } from '../../src-main/contract/wire';
import type { Terminal, TerminalEnd } from '../../src-main/core/ports';
import { startWebServer } from '../../src-main/hosts/web/server';
import { builtWindow } from './build';
import { connected } from './fixtures/nodes';
import { baseState } from './fixtures/state';

const chunkCharacters = 32 * 1024;

/** A shell that prints as fast as it is let, until Ctrl-C. */
export class FloodShell implements Terminal {
  readonly closed = new Promise<TerminalEnd>(() => undefined);
  /** Characters that were printed, and those printed when Ctrl-C came. */
  printed = 0;
  typed = '';
  #tell: (text: string) => void = () => undefined;
  #paused = false;
  #left = 0;
  #text = '';
  #ended: () => void = () => undefined;

  onData(listener: (text: string) => void): void {
    this.#tell = listener;
    this.#print('nvidia@spark:~$ ');
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#pour();
  }

  write(data: string): void {
    this.typed += data;
    if (!data.includes('\u0003')) return;
    this.#left = 0;
    this.#print('^C\r\nnvidia@spark:~$ ');
    this.#ended();
  }

  resize(): void {
    // Its lines have no width.
  }

  close(): void {
    this.#left = 0;
  }

  /** Prints so many characters of a line again and again. */
  flood(characters: number, line: string): Promise<void> {
    this.#text = line.repeat(Math.ceil(chunkCharacters / line.length)).slice(0, chunkCharacters);
    this.#left = characters;
    return new Promise((ended) => {
      this.#ended = ended;
      this.#pour();
    });
  }

  #pour(): void {
    if (this.#paused || this.#left === 0) return;
    const piece = this.#text.slice(0, this.#left);
    this.#left -= piece.length;
    this.#print(piece);
    if (this.#left === 0) this.#ended();
    else setImmediate(() => this.#pour());
  }

  #print(text: string): void {
    this.printed += text.length;
    this.#tell(text);
  }
}

export interface ServedTerminals {
  readonly url: string;
  readonly shells: readonly FloodShell[];
  /** Most characters that were sent and not acknowledged at any time. */
  mostOpen(): number;
  close(): Promise<void>;
}

/** The real way from a shell to the window: main's own terminals behind the web server; only the shell is a double. */
export async function serveTerminals(): Promise<ServedTerminals> {
  const shells: FloodShell[] = [];
  const open = new Map<string, number>();
  let mostOpen = 0;
  let seq = 0;
  let state: Slices = { ...baseState, ...connected };
  let push: (push: Push) => void = () => undefined;
  const opener = (title: string): Opener => ({
    title: () => title,
    open: () => {
      const shell = new FloodShell();
      shells.push(shell);
      return Promise.resolve(shell);
    },
  });
  const terminals = new Terminals({
    timers: systemTimers,
    openers: { node1: opener('node1'), node2: opener('node2'), local: opener('local') },
    sink: (id, text) => {
      open.set(id, (open.get(id) ?? 0) + text.length);
      mostOpen = Math.max(mostOpen, open.get(id) ?? 0);
      push({ type: 'terminal', id, text });
    },
    changed: (list) => {
      state = { ...state, terminals: [...list] };
      push({ type: 'slice', seq: ++seq, slice: 'terminals', value: state.terminals });
    },
  });
  const server = await startWebServer({
    files: builtWindow,
    app: {
      subscribe(listener) {
        push = listener;
        return () => undefined;
      },
      ask(method, params) {
        return Promise.resolve({ result: answer(method, params) });
      },
    },
  });

  function answer(method: string, params: unknown): unknown {
    switch (method) {
      case 'app.snapshot':
        return { seq, state };
      case 'terminal.open': {
        const { target, ...size } = methods['terminal.open'].params.parse(params);
        return { terminal: terminals.open(target, size) };
      }
      case 'terminal.write': {
        const { id, data } = methods['terminal.write'].params.parse(params);
        terminals.write(id, data);
        return {};
      }
      case 'terminal.acknowledge': {
        const { id, characters } = methods['terminal.acknowledge'].params.parse(params);
        open.set(id, (open.get(id) ?? 0) - characters);
        terminals.ack(id, characters);
        return {};
      }
      default:
        return {};
    }
  }

  return {
    url: server.url,
    shells,
    mostOpen: () => mostOpen,
    close: () => server.close(),
  };
}
