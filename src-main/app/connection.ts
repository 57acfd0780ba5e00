import type { EngineEvent } from '../contract/events';
import { nodeIds, type NodeCard, type NodeId } from '../contract/state-nodes';
import type { NodeFacts } from '../contract/facts';
import type { Engine } from '../core/engine/engine';
import type { OpenPair } from '../core/engine/open-pair';
import type { Pair } from '../core/engine/playbook';
import { Failure, isFailure, toFailure } from '../core/failure';
import type { Clock, NodeAddress, Session } from '../core/ports';
import type { State } from './state';

/** How long a lost connection is tried for again while nobody waits for it, ms. */
const reconnectLimitMs = 120_000;
/** How often the round trip is measured, ms, and when it counts as none. */
const pulseEveryMs = 10_000;
const pulseLimitMs = 8_000;

export interface ConnectionOptions {
  readonly state: State;
  readonly clock: Clock;
  /** Whether the engine is at work: it sees to lost connections itself then. */
  readonly working: () => boolean;
  /** The pair is connected anew, or is gone. */
  readonly changed: () => void;
}

/** The two nodes that are chosen, and the connection to them: connects, watches, connects again. */
export class Connection {
  #chosen: { readonly engine: Engine; readonly nodes: Pair<NodeAddress> } | undefined;
  #open: OpenPair | undefined;
  #attempt: AbortController | undefined;
  readonly #watched = new WeakSet<AbortSignal>();

  constructor(private readonly options: ConnectionOptions) {}

  /** The engine of the pair that is chosen. */
  get engine(): Engine | undefined {
    return this.#chosen?.engine;
  }

  get pair(): OpenPair | undefined {
    return this.#open;
  }

  /** @throws Failure NOT_CONNECTED */
  need(): OpenPair {
    if (!this.#open) throw new Failure('NOT_CONNECTED');
    return this.#open;
  }

  session(id: NodeId): Session {
    return this.need().sessions[id === 'node1' ? 0 : 1];
  }

  nodeId(name: string): NodeId | undefined {
    return this.options.state.get('pair')?.nodes.find((node) => node.name === name)?.id;
  }

  address(name: string): NodeAddress | undefined {
    return this.#chosen?.nodes.find((node) => node.name === name);
  }

  async choose(engine: Engine, nodes: Pair<NodeAddress>, practice: boolean): Promise<void> {
    await this.#close();
    this.#chosen = { engine, nodes };
    const card = (position: 0 | 1): NodeCard => {
      const { name, host, port, user } = nodes[position];
      return { id: nodeIds[position], name, host, port, user, state: 'idle', failure: null };
    };
    this.options.state.set('pair', { practice, nodes: [card(0), card(1)] });
    this.options.changed();
  }

  /** Connects both nodes and reads them. What goes wrong is told at the node. */
  async connect(): Promise<void> {
    if (!this.#chosen) throw new Failure('NOT_CONNECTED');
    if (this.#open || this.#attempt) return;
    const attempt = new AbortController();
    this.#attempt = attempt;
    try {
      const open = await this.#chosen.engine.open(this.#chosen.nodes, attempt.signal);
      if (attempt.signal.aborted) {
        await open.close();
        return;
      }
      this.#open = open;
      for (const session of open.sessions) this.#watch(session);
      void this.#pulse(open);
      void this.readFacts();
    } catch (error) {
      // The node that failed says so itself; the other one was let go.
      for (const { id, state } of this.#cards()) if (state !== 'failed') this.#node(id, { state: 'idle' });
      if (!isFailure(error)) throw error;
    } finally {
      if (this.#attempt === attempt) this.#attempt = undefined;
    }
    if (this.#open) this.options.changed();
  }

  async disconnect(): Promise<void> {
    await this.#close();
    this.options.changed();
  }

  async forget(): Promise<void> {
    await this.#close();
    this.#chosen = undefined;
    this.options.state.set('pair', null);
    this.options.changed();
  }

  async #close(): Promise<void> {
    this.#attempt?.abort();
    this.#attempt = undefined;
    const open = this.#open;
    this.#open = undefined;
    await open?.close();
    for (const { id } of this.#cards()) this.#node(id, { state: 'idle', failure: null });
    this.options.state.set('pulse', { node1: null, node2: null });
    this.options.state.set('facts', { node1: null, node2: null, readAt: null, reading: false });
  }

  async readFacts(): Promise<void> {
    const open = this.need();
    const { state } = this.options;
    if (state.get('facts').reading) return;
    state.update('facts', (facts) => ({ ...facts, reading: true }));
    try {
      const facts = await open.facts({ peers: false });
      if (this.#open === open) this.showFacts(facts);
    } finally {
      state.update('facts', (facts) => ({ ...facts, reading: false }));
    }
  }

  /** As {@link readFacts}, unasked: whoever asks next is told what keeps it from being read. */
  async lookAgain(): Promise<void> {
    if (this.#open) await this.readFacts().catch(() => undefined);
  }

  showFacts([node1, node2]: Pair<NodeFacts>): void {
    const { state, clock } = this.options;
    state.set('facts', { ...state.get('facts'), node1, node2, readAt: clock.now() });
  }

  /** What the engine tells of a node. */
  onEvent(event: Extract<EngineEvent, { type: 'node' }>): void {
    const id = this.nodeId(event.node);
    if (id) this.#node(id, { state: event.state, failure: event.failure ?? null });
  }

  /** After work, or after the computer slept: connections that were lost meanwhile are made again. */
  settle(): void {
    for (const session of this.#open?.sessions ?? []) {
      if (session.lost.aborted) void this.#reconnect(session);
      else this.#watch(session);
    }
  }

  /** The computer has been asleep: a connection that does not answer now is given up and made again. */
  async check(): Promise<void> {
    const open = this.#open;
    if (!open || this.options.working()) return;
    const alive = await Promise.all(open.sessions.map((session) => this.#measure(session)));
    if (this.#open !== open || !alive.includes(null)) return;
    await this.disconnect();
    await this.connect();
  }

  #watch(session: Session): void {
    const { lost } = session;
    if (this.#watched.has(lost)) return;
    this.#watched.add(lost);
    lost.addEventListener(
      'abort',
      () => {
        const id = this.nodeId(session.node);
        if (!id || !this.#open?.sessions.includes(session)) return;
        this.#node(id, { state: 'lost' });
        if (!this.options.working()) void this.#reconnect(session);
      },
      { once: true },
    );
  }

  async #reconnect(session: Session): Promise<void> {
    const id = this.nodeId(session.node);
    if (!id) return;
    this.#node(id, { state: 'lost', failure: null });
    try {
      await session.reconnect({ timeoutMs: reconnectLimitMs });
      if (!this.#open?.sessions.includes(session)) return;
      this.#node(id, { state: 'connected', failure: null });
      this.#watch(session);
    } catch (error) {
      if (!this.#open?.sessions.includes(session)) return;
      this.#node(id, { state: 'failed', failure: toFailure(error).info });
      // Half a pair is of no use: what is left is closed, and "Connect" begins anew.
      const open = this.#open;
      this.#open = undefined;
      await open.close();
      for (const card of this.#cards()) if (card.id !== id) this.#node(card.id, { state: 'idle' });
      this.options.changed();
    }
  }

  /** Measures the round trip as long as this pair is open and the engine is at rest. */
  async #pulse(open: OpenPair): Promise<void> {
    while (this.#open === open) {
      if (!this.options.working()) {
        const [node1 = null, node2 = null] = await Promise.all(
          open.sessions.map((session) => this.#measure(session)),
        );
        if (this.#open === open) this.options.state.set('pulse', { node1, node2 });
      }
      await this.options.clock.sleep(pulseEveryMs).catch(() => undefined);
    }
  }

  async #measure(session: Session): Promise<number | null> {
    try {
      const options = { timeoutMs: pulseLimitMs };
      const { durationMs } = await session.exec({ script: ':', root: false }, options);
      return Math.round(durationMs * 10) / 10;
    } catch {
      return null;
    }
  }

  #cards(): readonly NodeCard[] {
    return this.options.state.get('pair')?.nodes ?? [];
  }

  #node(id: NodeId, patch: Partial<NodeCard>): void {
    this.options.state.update('pair', (pair) => {
      if (!pair) return pair;
      const [first, second] = pair.nodes;
      const change = (card: NodeCard) => (card.id === id ? { ...card, ...patch } : card);
      return { ...pair, nodes: [change(first), change(second)] };
    });
  }
}
