import type { EngineEventBody } from '../../contract/events';
import type { NodeFacts } from '../../contract/facts';
import type { NodeIdentity, Plan } from '../../contract/plan';
import { Failure } from '../failure';
import type { NodeAddress, Session } from '../ports';
import { applyRun } from './apply-run';
import { Hands } from './hands';
import { Lease } from './lease';
import { resolveInputs } from './inputs';
import type { PairTools } from './pair-tools';
import type { ApplyResult, EngineParts, RollbackResult, UndoScope } from './parts';
import { planHash, planStages, type Prepared } from './planner';
import type { Inputs, Pair, Playbook, StageContext, Verification } from './playbook';
import { rollBackRun, settleRun } from './rollback-run';
import type { Runs } from './runs';

/** A plan older than this is checked against the nodes once more before it runs, ms. */
const FRESH_MS = 3_000;

/** Two connected nodes: plan, apply, verify and roll back on them. */
export class OpenPair {
  readonly #tools: PairTools;

  constructor(
    private readonly parts: EngineParts,
    private readonly runs: Runs,
    emit: (event: EngineEventBody) => void,
    readonly sessions: Pair<Session>,
    private readonly nodes: Pair<NodeAddress>,
  ) {
    const hands = new Hands(new Map(sessions.map((session) => [session.node, session])), parts.secrets, emit);
    this.#tools = { parts, runs, hands, sessions, emit };
  }

  get hostKeys(): Pair<string> {
    return [this.sessions[0].hostKey, this.sessions[1].hostKey];
  }

  /** Reads both nodes. */
  facts(options: { sshUser?: string; peers?: boolean; signal?: AbortSignal } = {}): Promise<Pair<NodeFacts>> {
    return this.parts.probe(this.sessions, options);
  }

  /**
   * Says all that a run would change, before anything does.
   * @param options.resume id of the unfinished run that this plan continues
   * @throws Failure UNKNOWN_PLAYBOOK, BAD_INPUT and what the connection throws
   */
  async plan(
    playbookId: string,
    given: Inputs,
    options: { resume?: string; signal?: AbortSignal } = {},
  ): Promise<Prepared> {
    const { signal } = options;
    const playbook = this.#playbook(playbookId);
    const inputs = resolveInputs(playbook.inputs, given);
    const { context, factsHash, madeAt } = await this.#look(
      playbook,
      inputs,
      new Set(Object.keys(given)),
      signal,
    );
    const past = options.resume === undefined ? undefined : await this.runs.state(options.resume);
    const count = (await this.parts.runs.list()).length;
    const installation = await this.parts.runs.installation();
    const salt = [installation, count, past?.nextSeq ?? 0];
    const nodes: [NodeIdentity, NodeIdentity] = [this.#identity(0), this.#identity(1)];

    const base = { playbook: playbook.id, inputs, nodes, factsHash };
    // The run's name goes into its commands, so it cannot depend on them: it comes from what the plan starts from.
    const run =
      past?.run ??
      `${String(count + 1).padStart(4, '0')}-${planHash({ ...base, stages: [] }, salt).slice(0, 8)}`;
    const scope = { run, firstIndex: past?.changes.length ?? 0 };
    const stages = await planStages(playbook, context, this.parts.kinds, this.#tools.hands, scope).catch(
      async (error: unknown) => {
        await new Lease(
          this.#tools.hands,
          installation,
          this.sessions.map(({ node }) => node),
        ).refuseHeld(signal);
        throw error;
      },
    );
    const plan: Plan = { ...base, run, stages, createdAt: madeAt, hash: planHash({ ...base, stages }, salt) };
    return { plan, playbook, context, madeAt, resumes: past?.run };
  }

  /**
   * Carries out a plan, once.
   * @param until the last stage to carry out; all of them when absent
   * @throws Failure STAGE_BLOCKED, PLAN_STALE, PLAN_USED, RUN_LOCKED, RUN_UNFINISHED, NODE_BUSY: nothing has happened then.
   * What fails later is in the result.
   */
  async apply(prepared: Prepared, signal?: AbortSignal, until?: string): Promise<ApplyResult> {
    return this.#locked(async () => {
      await this.#refuseStale(prepared, signal);
      return applyRun(prepared, this.#tools, { signal, until });
    });
  }

  /** Measures the promise of every stage, changing nothing. */
  async verify(
    playbookId: string,
    given: Inputs,
    signal?: AbortSignal,
  ): Promise<{ stage: string; verification: Verification }[]> {
    const playbook = this.#playbook(playbookId);
    const inputs = resolveInputs(playbook.inputs, given);
    const { context } = await this.#look(playbook, inputs, new Set(Object.keys(given)), signal);
    const results: { stage: string; verification: Verification }[] = [];
    for (const stage of playbook.stages) {
      const assessment = await stage.assess(context);
      if (assessment.status === 'blocked') {
        const causes = assessment.blockers.map(({ cause, remedy }) => ({ cause, remedy }));
        results.push({ stage: stage.id, verification: { ok: false, notes: assessment.notes, causes } });
        break;
      }
      const verification = stage.verify
        ? this.#tools.hands.cleaned(await stage.verify(context))
        : { ok: assessment.status === 'satisfied', notes: assessment.notes, causes: [] };
      results.push({ stage: stage.id, verification });
    }
    return results;
  }

  /** @throws Failure RUN_LOCKED, NODE_BUSY, NODE_MISMATCH, UNDO_ORDER, UNKNOWN_RUN */
  async rollBack(run: string, scope: UndoScope = {}, signal?: AbortSignal): Promise<RollbackResult> {
    return this.#locked(() => rollBackRun(run, scope, this.#tools, signal));
  }

  /** Takes back what an unfinished run left half done, so that it can go on. */
  async settle(run: string, signal?: AbortSignal): Promise<RollbackResult> {
    return this.#locked(() => settleRun(run, this.#tools, signal));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.sessions.map((session) => session.close()));
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = await this.parts.runs.lock();
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  async #refuseStale({ plan, madeAt, playbook, resumes }: Prepared, signal?: AbortSignal): Promise<void> {
    const runs = await this.parts.runs.list();
    if (resumes === undefined && runs.includes(plan.run)) throw new Failure('PLAN_USED', { run: plan.run });
    const unfinished = await this.runs.unfinished(playbook.id, this.hostKeys);
    if (unfinished && unfinished.run !== resumes)
      throw new Failure('RUN_UNFINISHED', { run: unfinished.run });
    if (this.parts.clock.now() - madeAt <= FRESH_MS) return;
    const facts = await this.facts(this.#probeOptions(playbook, plan.inputs, signal));
    if (this.parts.factsHash(facts) !== plan.factsHash) throw new Failure('PLAN_STALE', { change: 'facts' });
  }

  async #look(playbook: Playbook, inputs: Inputs, chosen: ReadonlySet<string>, signal?: AbortSignal) {
    const facts = await this.facts(this.#probeOptions(playbook, inputs, signal));
    // Facts of a node that went away meanwhile are all unknown: that is no state to plan from.
    const gone = this.sessions.find((session) => session.lost.aborted);
    if (gone) throw new Failure('CONNECTION_LOST', {}, { node: gone.node });
    const madeAt = this.parts.clock.now();
    const context: StageContext<unknown> = {
      nodes: [
        { address: this.nodes[0], facts: facts[0] },
        { address: this.nodes[1], facts: facts[1] },
      ],
      inputs,
      chosen,
      laptopNetworks: this.parts.laptop.networks(),
      now: madeAt,
      shared: playbook.shared(),
      look: (node, script, options) => this.#tools.hands.look(node, script, { ...options, signal }),
      signal,
    };
    return { context, madeAt, factsHash: this.parts.factsHash(facts) };
  }

  #probeOptions(playbook: Playbook, inputs: Inputs, signal?: AbortSignal) {
    const account = playbook.account?.(inputs);
    return { ...(account === undefined ? {} : { sshUser: account }), ...(signal ? { signal } : {}) };
  }

  #identity(position: 0 | 1): NodeIdentity {
    const { name, host, port, user, identityFile } = this.nodes[position];
    const { hostKey } = this.sessions[position];
    return { name, host, port, user, hostKey, ...(identityFile === undefined ? {} : { identityFile }) };
  }

  #playbook(id: string): Playbook {
    const playbook = this.parts.playbooks.get(id);
    if (playbook) return playbook;
    throw new Failure('UNKNOWN_PLAYBOOK', {
      playbook: id,
      known: [...this.parts.playbooks.keys()].join(', '),
    });
  }
}
