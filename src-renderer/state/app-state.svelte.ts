import { getContext, setContext } from 'svelte';
import { ConnectionGone, type Connection } from '../api/client';
import type { ConnectionState } from '../api/transport';
import {
  CallFailure,
  defaultSettings,
  type Client,
  type Push,
  type SliceName,
  type Slices,
} from '../api/types';
import { parseSlice } from '../api/types';
import { LogStore } from './log.svelte';
import { TerminalFeed } from './terminal-feed';
import { Toasts } from './toasts.svelte';

const emptyInfo: Slices['app'] = {
  version: '',
  host: 'browser',
  platform: 'other',
  systemLanguage: 'en',
  canSaveSecrets: false,
  localTerminal: false,
  dataFolder: '',
  playbooks: [],
};

type Numbered = Exclude<Push, { type: 'terminal' }>;

/**
 * What main knows, as the window shows it: one snapshot at start, numbered changes after, and a new snapshot whenever a
 * number is missing. Each slice is replaced as a whole. The window changes nothing here: it asks through {@link client}.
 */
export class AppState {
  /** What was said last of the way to main. */
  connection = $state.raw<ConnectionState>('connecting');
  /** The first snapshot is there: slices hold what main says. */
  ready = $state.raw(false);

  info = $state.raw(emptyInfo);
  settings = $state.raw(defaultSettings);
  discovery = $state.raw<Slices['discovery']>({
    state: 'idle',
    limitMs: 0,
    startedAt: null,
    failure: null,
    candidates: [],
  });
  pair = $state.raw<Slices['pair']>(null);
  facts = $state.raw<Slices['facts']>({ node1: null, node2: null, readAt: null, reading: false });
  pulse = $state.raw<Slices['pulse']>({ node1: null, node2: null });
  prompts = $state.raw<Slices['prompts']>([]);
  practice = $state.raw<Slices['practice']>({ state: 'off', faults: [] });
  book = $state.raw<Slices['book']>(null);
  plan = $state.raw<Slices['plan']>(null);
  runs = $state.raw<Slices['runs']>([]);
  bench = $state.raw<Slices['bench']>({ running: null, suite: null, last: null, failure: null });
  history = $state.raw<Slices['history']>([]);
  terminals = $state.raw<Slices['terminals']>([]);

  readonly client: Client;
  readonly log: LogStore;
  readonly terminalFeed = new TerminalFeed();
  readonly toasts = new Toasts();
  readonly #connection: Connection;
  /** Number of the last push that is in the slices. */
  #seq = -1;
  /** Pushes that came while a snapshot is on its way; null while none is. */
  #waiting: Numbered[] | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.client = connection.client;
    this.log = new LogStore((from, count) => this.client['log.read']({ from, count }));
  }

  start(): void {
    this.#connection.start({
      state: (state) => {
        this.connection = state;
        if (state === 'open') this.#snapshot();
      },
      push: (push) => {
        if (push.type === 'terminal') this.terminalFeed.deliver(push.id, push.text);
        else if (this.#waiting) this.#waiting.push(push);
        else this.#take(push);
      },
      unreadable: () => this.#snapshot(),
    });
  }

  /**
   * Awaits a question to main and shows its refusal as a toast. @returns the answer, or undefined when it was refused or
   * the connection broke (the header says so already)
   */
  async call<T>(question: Promise<T>): Promise<T | undefined> {
    try {
      return await question;
    } catch (failure) {
      if (failure instanceof ConnectionGone) return undefined;
      if (!(failure instanceof CallFailure)) throw failure;
      this.toasts.failure(failure.info);
      return undefined;
    }
  }

  /** What holds of one node of the pair. */
  node(id: 'node1' | 'node2'): NonNullable<Slices['pair']>['nodes'][number] | undefined {
    return this.pair?.nodes.find((node) => node.id === id);
  }

  #snapshot(): void {
    if (this.#waiting) return;
    this.#waiting = [];
    void this.#readSnapshot();
  }

  async #readSnapshot(): Promise<void> {
    try {
      const { seq, state } = await this.client['app.snapshot']({});
      for (const name of Object.keys(this.#setters) as SliceName[]) this.#set(name, state[name]);
      this.#seq = seq;
      this.ready = true;
    } catch (failure) {
      this.#waiting = null;
      // Without a connection the next one brings a snapshot. Anything else is a fault that the person has to see.
      if (!(failure instanceof CallFailure)) throw failure;
      if (!(failure instanceof ConnectionGone)) this.toasts.failure(failure.info);
      return;
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const push of waiting) this.#take(push);
  }

  #take(push: Numbered): void {
    if (this.#waiting) {
      this.#waiting.push(push);
      return;
    }
    if (push.seq <= this.#seq) return;
    if (push.seq > this.#seq + 1) {
      this.#snapshot();
      return;
    }
    this.#seq = push.seq;
    if (push.type === 'log') this.log.append(push.lines);
    else {
      const [name, value] = parseSlice(push.slice, push.value);
      this.#set(name, value);
    }
  }

  #set<Name extends SliceName>(name: Name, value: Slices[Name]): void {
    this.#setters[name](value);
  }

  readonly #setters: { [Name in SliceName]: (value: Slices[Name]) => void } = {
    app: (value) => (this.info = value),
    settings: (value) => (this.settings = value),
    discovery: (value) => (this.discovery = value),
    pair: (value) => (this.pair = value),
    facts: (value) => (this.facts = value),
    pulse: (value) => (this.pulse = value),
    prompts: (value) => (this.prompts = value),
    practice: (value) => (this.practice = value),
    book: (value) => (this.book = value),
    plan: (value) => (this.plan = value),
    runs: (value) => (this.runs = value),
    bench: (value) => (this.bench = value),
    history: (value) => (this.history = value),
    terminals: (value) => (this.terminals = value),
    log: (value) => this.log.setRange(value),
  };
}

const key = Symbol('app');

export function provideApp(app: AppState): void {
  setContext(key, app);
}

/** The state of the app; call it while a component is set up. */
export function useApp(): AppState {
  return getContext<AppState>(key);
}
