import type { EngineEvent } from '../contract/events';
import type { Slices } from '../contract/slices';
import type { StageView, Work } from '../contract/state-work';
import type { RollbackResult } from '../core/engine/parts';
import type { Prepared } from '../core/engine/planner';
import type { Inputs, Playbook } from '../core/engine/playbook';
import { liveChanges, summarize, type RunState } from '../core/engine/run-state';
import { resolveInputs } from '../core/engine/inputs';
import { Failure, toFailure } from '../core/failure';
import type { Clock } from '../core/ports';
import type { Connection } from './connection';
import {
  afterRollback,
  applied,
  atRest,
  measured,
  refused,
  rolledBack,
  verified,
  type Outcome,
} from './outcomes';
import type { Desk } from './desk';
import { afterEvent, journaledStages, plannedStages, unknownStages, withLive } from './stage-views';
import type { State } from './state';

type OpenBook = NonNullable<Slices['book']>;

export interface BookOptions {
  readonly state: State;
  readonly clock: Clock;
  readonly connection: Connection;
  /** Shared with whoever else works on the pair. */
  readonly desk: Desk;
  readonly playbooks: ReadonlyMap<string, Playbook>;
  /** The journals have changed. */
  readonly runsChanged: () => Promise<void>;
}

/** The open playbook: its inputs, its plan, and the one thing that is being done with it. */
export class Book {
  #playbook: Playbook | undefined;
  #given: Inputs = {};
  #prepared: Prepared | undefined;
  #resume: string | undefined;
  readonly #desk: Desk;
  readonly #stageOf = new Map<string, string>();

  constructor(private readonly options: BookOptions) {
    this.#desk = options.desk;
  }

  /** @throws Failure UNKNOWN_PLAYBOOK, WORK_RUNNING */
  async open(id: string): Promise<void> {
    this.#desk.refuse();
    const playbook = this.options.playbooks.get(id);
    if (!playbook) throw new Failure('UNKNOWN_PLAYBOOK', { playbook: id, known: this.#known() });
    this.#playbook = playbook;
    this.#given = {};
    this.#reset();
    this.options.state.set('book', {
      playbook: id,
      inputs: { ...resolveInputs(playbook.inputs, {}) },
      chosen: [],
      stages: unknownStages(playbook),
      work: null,
      result: null,
      unfinished: null,
      live: [],
    });
    if (this.options.connection.pair) await this.plan();
  }

  async close(): Promise<void> {
    await this.cancel();
    this.#playbook = undefined;
    this.#reset();
    this.options.state.set('book', null);
  }

  /** @throws Failure BAD_INPUT: nothing has changed then */
  async setInput(key: string, value: string | null): Promise<void> {
    const playbook = this.#need();
    if (this.options.state.get('book')?.work?.kind !== 'plan') this.#desk.refuse();
    const rest = Object.fromEntries(Object.entries(this.#given).filter(([name]) => name !== key));
    const given = value === null ? rest : { ...rest, [key]: value };
    const inputs = resolveInputs(playbook.inputs, given);
    await this.cancel();
    this.#given = given;
    this.#patch({ inputs: { ...inputs }, chosen: Object.keys(given) });
    if (this.options.connection.pair) await this.plan();
  }

  /** The connection was made or went away: what was planned is not to be relied on. */
  async connectionChanged(): Promise<void> {
    if (!this.#playbook || this.#desk.worker) return;
    this.#reset();
    this.#patch({ stages: unknownStages(this.#playbook), result: null, unfinished: null, live: [] });
    if (this.options.connection.pair) await this.plan();
  }

  /** Looks at both nodes and says what a run would change. Answers when it has begun. */
  plan(): Promise<void> {
    const playbook = this.#need();
    const pair = this.options.connection.need();
    this.#begin('plan', async (signal) => {
      const { unfinished } = await this.refresh();
      if (unfinished && unfinished.run !== this.#resume) {
        // First what was left half done: the person decides whether it goes on or back.
        this.#stages((views) => journaledStages(views, unfinished));
        return undefined;
      }
      const resume = unfinished === undefined ? undefined : this.#resume;
      const how = { signal, ...(resume === undefined ? {} : { resume }) };
      const prepared = await pair.plan(playbook.id, this.#given, how);
      this.#prepared = prepared;
      const { plan, context } = prepared;
      for (const stage of plan.stages)
        for (const change of stage.changes) this.#stageOf.set(change.id, stage.id);
      this.options.connection.showFacts([context.nodes[0].facts, context.nodes[1].facts]);
      this.options.state.set('plan', { ...plan, used: false });
      this.#stages((views) => plannedStages(views, plan));
      return undefined;
    });
    return Promise.resolve();
  }

  /** @throws Failure PLAN_STALE when this is not the plan that was shown, WORK_RUNNING, NOT_CONNECTED */
  apply(hash: string, until: string | undefined): Promise<void> {
    const pair = this.options.connection.need();
    const prepared = this.prepared(hash);
    this.#begin('apply', async (signal) => {
      this.#use();
      const result = await pair.apply(prepared, signal, until);
      if (result.outcome === 'done' || result.outcome === 'nothing-to-do') this.#resume = undefined;
      await this.refresh();
      return applied(result);
    });
    // What is left after a part is shown at once.
    const part = until !== undefined && until !== prepared.plan.stages.at(-1)?.id;
    if (part) this.#desk.then(() => this.#planRest());
    return Promise.resolve();
  }

  /** Measures every stage's promise, changing nothing. */
  verify(): Promise<void> {
    const playbook = this.#need();
    const pair = this.options.connection.need();
    this.#begin('verify', async (signal) => {
      const results = await pair.verify(playbook.id, this.#given, signal);
      this.#stages((views) => views.map((view) => measured(view, results)));
      return verified(results);
    });
    return Promise.resolve();
  }

  /** Takes back what an unfinished run left half done, then plans the rest as its continuation. */
  continueRun(run: string): Promise<void> {
    const playbook = this.#need();
    const pair = this.options.connection.need();
    const { engine } = this.options.connection;
    this.#begin('settle', async (signal) => {
      const past = await engine?.runs.state(run);
      this.#remember(past);
      const settled = await pair.settle(run, signal);
      const { unfinished } = await this.refresh();
      if (settled.outcome === 'unfinished' || settled.drifted.length > 0) return rolledBack([settled]);
      this.#given = givenOf(playbook, past?.inputs ?? {});
      this.#resume = unfinished?.run === run ? run : undefined;
      this.#patch({
        inputs: { ...resolveInputs(playbook.inputs, this.#given) },
        chosen: Object.keys(this.#given),
        stages: unknownStages(playbook),
        unfinished: null,
      });
      return undefined;
    });
    this.#desk.then(() => this.#planRest());
    return Promise.resolve();
  }

  /** Work of somebody else's on the open pair: a rollback. */
  run(
    kind: Work['kind'],
    touched: readonly RunState[],
    work: (signal: AbortSignal) => Promise<RollbackResult[]>,
  ): void {
    for (const state of touched) this.#remember(state);
    this.#begin(kind, async (signal) => {
      this.#use();
      const results = await work(signal);
      await this.refresh();
      if (results.some(({ restored }) => restored > 0)) this.#stages((views) => views.map(afterRollback));
      return rolledBack(results);
    });
  }

  onEvent(event: EngineEvent): void {
    const book = this.options.state.get('book');
    if (!book) return;
    if (event.type === 'run') {
      this.#patch({ work: book.work && { ...book.work, run: event.run } });
      return;
    }
    const stages = afterEvent(book.stages, event, this.#stageOf);
    if (stages !== book.stages) this.#patch({ stages: [...stages] });
  }

  /** Stops what is being done and waits until it has stopped. */
  async cancel(): Promise<void> {
    if (this.#desk.worker !== 'book') return;
    const shown = this.options.state.get('book')?.work;
    if (shown) this.#patch({ work: { ...shown, cancelling: true } });
    await this.#desk.cancel();
  }

  /** Asks for the end of what is being done; its end is told by the state. */
  requestCancel(): void {
    void this.cancel();
  }

  /** The plan that was shown. @throws Failure PLAN_STALE */
  prepared(hash: string): Prepared {
    if (this.#prepared?.plan.hash !== hash) {
      throw new Failure('PLAN_STALE', {
        change: 'hash',
        expected: hash,
        found: this.#prepared?.plan.hash ?? '',
      });
    }
    return this.#prepared;
  }

  /** @throws Failure WORK_RUNNING */
  refuseWhileWorking(): void {
    this.#desk.refuse();
  }

  /** Reads from the journals what of this pair is in place, and whether a run ended in the middle. */
  async refresh(): Promise<{ unfinished: RunState | undefined; live: readonly RunState[] }> {
    await this.options.runsChanged();
    const { connection } = this.options;
    const { pair, engine } = connection;
    if (!pair || !engine || !this.#playbook) return { unfinished: undefined, live: [] };
    const states = await engine.runs.states();
    const keys = new Set<string>(pair.hostKeys);
    const live = states.filter(
      (state) => state.nodes.every(({ hostKey }) => keys.has(hostKey)) && liveChanges(state).length > 0,
    );
    const unfinished = await engine.runs.unfinished(this.#playbook.id, pair.hostKeys);
    this.#patch({
      live: live.map(({ run }) => run),
      unfinished: unfinished && unfinished.run !== this.#resume ? summarize(unfinished) : null,
    });
    this.#stages((views) => withLive(views, live));
    return { unfinished, live };
  }

  async #planRest(): Promise<void> {
    const book = this.options.state.get('book');
    const ended =
      book?.result === null || book?.result.outcome === 'done' || book?.result.outcome === 'nothing-to-do';
    if (!this.#desk.worker && ended && this.options.connection.pair) await this.plan();
  }

  #begin(kind: Work['kind'], work: (signal: AbortSignal) => Promise<Outcome | undefined>): void {
    const { clock, connection } = this.options;
    this.#desk.begin('book', async (signal) => {
      let outcome: Outcome | undefined;
      try {
        outcome = await work(signal);
      } catch (error) {
        outcome = refused(toFailure(error).info);
        await this.refresh().catch(() => undefined);
      }
      const now = clock.now();
      const result = outcome && { kind, endedAt: now, ...outcome };
      return () => {
        this.#patch({ work: null, ...(result ? { result } : {}) });
        this.#stages((views) => views.map((view) => atRest(view, now)));
      };
    });
    // A plan that follows a part keeps what the part came to in sight.
    const started = { kind, startedAt: clock.now(), cancelling: false, run: null };
    this.#patch({ work: started, ...(kind === 'plan' ? {} : { result: null }) });
    this.#desk.then(() => connection.settle());
    // What was read of the nodes before says nothing of what has been changed on them since.
    if (kind !== 'plan' && kind !== 'verify') this.#desk.then(() => connection.lookAgain());
  }

  /** The plan is good for one run; what stands in it is shown until there is another. */
  #use(): void {
    this.#prepared = undefined;
    this.options.state.update('plan', (plan) => plan && { ...plan, used: true });
  }

  #remember(state: RunState | undefined): void {
    for (const { change, stage } of state?.changes ?? []) this.#stageOf.set(change.id, stage);
  }

  #reset(): void {
    this.#prepared = undefined;
    this.#resume = undefined;
    this.#stageOf.clear();
    this.options.state.set('plan', null);
  }

  #stages(change: (views: readonly StageView[]) => StageView[]): void {
    const book = this.options.state.get('book');
    if (book) this.#patch({ stages: change(book.stages) });
  }

  #patch(patch: Partial<OpenBook>): void {
    this.options.state.update('book', (book) => book && { ...book, ...patch });
  }

  #need(): Playbook {
    if (!this.#playbook) throw new Failure('UNKNOWN_PLAYBOOK', { playbook: '', known: this.#known() });
    return this.#playbook;
  }

  #known(): string {
    return [...this.options.playbooks.keys()].join(', ');
  }
}

/** What the person had set, of the inputs that a journal holds with the defaults filled in. */
function givenOf(playbook: Playbook, inputs: Inputs): Inputs {
  const defaults = resolveInputs(playbook.inputs, {});
  return Object.fromEntries(Object.entries(inputs).filter(([key, value]) => defaults[key] !== value));
}
