import type { EngineEvent } from '../contract/events';
import { limits } from '../contract/limits';
import { message } from '../contract/message';
import type { Handlers } from '../contract/methods';
import { defaultSettings, settingsSchema, type Settings } from '../contract/settings';
import type { Push } from '../contract/wire';
import type { Engine } from '../core/engine/engine';
import type { Playbook } from '../core/engine/playbook';
import { liveChanges } from '../core/engine/run-state';
import { Failure, toFailure } from '../core/failure';
import type { BenchStore, Clock, HostKeyDecider, LocalShell, SecretStore, TerminalSize } from '../core/ports';
import { ask, type Asked } from './ask';
import { History } from './bench/history';
import { Measuring, type MeasuringOptions } from './bench/measuring';
import { Book } from './book';
import { Connection } from './connection';
import { Desk } from './desk';
import { makeHandlers } from './handlers';
import { initial } from './initial';
import { Log } from './log';
import { Machines, type MachineSources } from './machines';
import { PracticeRoom, type PracticeParts } from './practice-room';
import { Prompts } from './prompts';
import { Rollback } from './rollback';
import type { AppHost, AppService, SettingsStore } from './service';
import { State } from './state';
import { Terminals } from './terminals/terminals';
import { systemTimers, type Timers } from './terminals/timers';

/** What an engine is wired with here. */
export interface Wiring {
  readonly secrets: SecretStore;
  readonly hostKeys: HostKeyDecider;
  readonly listener: (event: EngineEvent) => void;
}

export interface AppParts {
  readonly host: AppHost;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly timers?: Timers;
  readonly localUser: string;
  /** Of this computer: masked in a report that is to be posted. */
  readonly localHostname: string;
  readonly playbooks: ReadonlyMap<string, Playbook>;
  readonly machines: MachineSources;
  readonly settings: SettingsStore;
  readonly localShell: LocalShell | undefined;
  /** The engine for real nodes. */
  engine(wiring: Wiring): Engine;
  practice(wiring: Wiring): PracticeParts;
  /** What was measured on real nodes. */
  readonly benchmarks: BenchStore;
  readonly measure?: MeasuringOptions['measure'];
}

/** What stands behind the window, whatever the window is in: wires the parts and answers questions. */
export class App implements AppService {
  private readonly state: State;
  private readonly log: Log;
  private readonly prompts: Prompts;
  private readonly connection: Connection;
  private readonly machines: Machines;
  private readonly desk = new Desk();
  private readonly book: Book;
  private readonly history: History;
  private readonly measuring: Measuring;
  private readonly rollback: Rollback;
  private readonly practice: PracticeRoom;
  private readonly terminals: Terminals;
  private readonly engine: Engine;
  readonly #handlers: Handlers;

  private constructor(
    readonly parts: AppParts,
    settings: Settings,
  ) {
    const { clock, host } = parts;
    this.state = new State(initial(parts, settings), (error) => this.#trouble(error));
    this.log = new Log(this.state);
    this.prompts = new Prompts({
      state: this.state,
      vault: host.vault,
      known: ({ kind }) => (kind.endsWith('-password') ? this.practice.password : undefined),
      place: (name) => {
        const node = this.connection.address(name);
        return node ? `${node.host}:${node.port}` : name;
      },
    });
    const wiring: Wiring = {
      secrets: this.prompts,
      hostKeys: this.prompts,
      listener: (event) => this.#onEvent(event),
    };
    this.engine = parts.engine(wiring);
    this.practice = new PracticeRoom(this.state, parts.practice(wiring));
    this.machines = new Machines(this.state, clock, parts.machines, parts.localUser);
    this.connection = new Connection({
      state: this.state,
      clock,
      working: () => this.desk.worker !== undefined,
      changed: () => this.started(this.#connectionChanged()),
    });
    this.book = new Book({
      state: this.state,
      clock,
      connection: this.connection,
      desk: this.desk,
      playbooks: parts.playbooks,
      runsChanged: () => this.listRuns(),
    });
    this.rollback = new Rollback(this.connection, this.book);
    const { state, log, connection, desk } = this;
    const shared = { state, log, clock, connection };
    this.history = new History({
      ...shared,
      real: parts.benchmarks,
      practice: () => this.practice.benchmarks,
    });
    this.measuring = new Measuring({ ...shared, desk, history: this.history, measure: parts.measure });
    this.terminals = new Terminals({
      openers: {
        node1: this.#nodeOpener('node1'),
        node2: this.#nodeOpener('node2'),
        local: {
          title: () => '',
          open: (size) => {
            if (!parts.localShell) return Promise.reject(new Failure('TERMINAL_UNAVAILABLE', { reason: '' }));
            return parts.localShell.open(size);
          },
        },
      },
      sink: (id, text) => this.state.terminal(id, text),
      changed: (terminals) => this.state.set('terminals', [...terminals]),
      timers: parts.timers ?? systemTimers,
    });
    this.#handlers = makeHandlers({
      state: this.state,
      log: this.log,
      prompts: this.prompts,
      localUser: parts.localUser,
      localHostname: parts.localHostname,
      clock,
      connection: this.connection,
      machines: this.machines,
      desk,
      book: this.book,
      history: this.history,
      measuring: this.measuring,
      rollback: this.rollback,
      practice: this.practice,
      terminals: this.terminals,
      engine: this.engine,
      settings: parts.settings,
      host,
      leavePair: () => this.leavePair(),
      started: (work) => this.started(work),
    });
  }

  /** Reads settings and journals; connects to nothing. */
  static async start(parts: AppParts): Promise<App> {
    const found = await parts.settings.read();
    const kept = typeof found === 'object' && found !== null ? found : {};
    // Settings that cannot be understood are left behind: the app has to start.
    const settings = settingsSchema.safeParse({ ...defaultSettings, ...kept });
    const app = new App(parts, settings.success ? settings.data : defaultSettings);
    await app.listRuns();
    await app.history.refresh().catch((error: unknown) => app.#trouble(error));
    app.machines.remember(await app.engine.runs.states());
    return app;
  }

  ask(method: string, params: unknown): Promise<Asked> {
    return ask(this.#handlers, method, params);
  }

  subscribe(sink: (push: Push) => void): () => void {
    // A window that is gone acknowledges nothing any more; a paused terminal would wait for it.
    this.terminals.forgetUnacknowledged();
    return this.state.subscribe(sink);
  }

  get activity(): AppService['activity'] {
    // A measurement changes nothing: it is cancelled, and nobody need be asked.
    if (this.desk.worker === 'bench') return 'reading';
    const work = this.state.get('book')?.work;
    if (!work) return 'idle';
    return work.kind === 'plan' || work.kind === 'verify' ? 'reading' : 'changing';
  }

  get settings(): Settings {
    return this.state.get('settings');
  }

  woke(): void {
    this.started(this.connection.check());
  }

  async close(): Promise<void> {
    this.machines.stop();
    await this.measuring.cancel();
    await this.book.cancel();
    this.terminals.closeAll();
    await this.leavePair();
  }

  /** The history, from the journals of the pair that is open, or of real nodes. */
  async listRuns(): Promise<void> {
    const states = await (this.connection.engine ?? this.engine).runs.states();
    this.state.set(
      'runs',
      states.slice(0, limits.runs).map((run) => ({
        run: run.run,
        playbook: run.playbook,
        startedAt: run.startedAt,
        endedAt: run.endedAt,
        status: run.status,
        nodes: run.nodes.map(({ name }) => name),
        changes: run.changes.length,
        inPlace: liveChanges(run).length,
      })),
    );
  }

  /** Lets go of the pair that is open: its terminals, its connections, the practice nodes. */
  async leavePair(): Promise<void> {
    for (const { id, target } of this.terminals.list()) if (target !== 'local') this.terminals.close(id);
    await this.connection.forget();
    await this.practice.stop();
  }

  /** Work that nobody waits for; a fault of ours in it is not to pass unseen. */
  started(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#trouble(error));
  }

  #trouble(error: unknown): void {
    const { code, evidence = '' } = toFailure(error).info;
    this.log.said(this.parts.clock.now(), '', message('window.log.trouble', { code, detail: evidence }));
  }

  async #connectionChanged(): Promise<void> {
    this.measuring.connectionChanged();
    await Promise.all([this.listRuns(), this.history.refresh()]);
    await this.book.connectionChanged();
  }

  #nodeOpener(id: 'node1' | 'node2') {
    return {
      title: () => this.state.get('pair')?.nodes.find((node) => node.id === id)?.name ?? id,
      open: (size: TerminalSize, signal: AbortSignal) =>
        this.connection.session(id).openTerminal(size, { signal }),
    };
  }

  #onEvent(event: EngineEvent): void {
    const { time } = event;
    switch (event.type) {
      case 'log':
        this.log.printed(time, event.node, event.stream, event.text);
        return;
      case 'node':
        this.connection.onEvent(event);
        this.log.said(time, event.node, message('window.log.node', { state: event.state }));
        return;
      case 'change':
        this.log.said(
          time,
          event.node,
          message('window.log.change', { status: event.status }),
          event.summary,
        );
        break;
      case 'stage':
        this.log.said(time, '', message('window.log.stage', { stage: event.stage, status: event.status }));
        break;
      case 'run':
        this.log.said(time, '', message('window.log.run', { run: event.run, state: event.state }));
    }
    this.book.onEvent(event);
  }
}
