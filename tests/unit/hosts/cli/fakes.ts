import type { BenchRecord } from '../../../../src-main/contract/bench-record';
import type { EngineEventBody } from '../../../../src-main/contract/events';
import type { NodeFacts } from '../../../../src-main/contract/facts';
import { message } from '../../../../src-main/contract/message';
import type { Plan, PlannedStage } from '../../../../src-main/contract/plan';
import type { ApplyResult, RollbackResult } from '../../../../src-main/core/engine/parts';
import type { Prepared } from '../../../../src-main/core/engine/planner';
import type { Pair, Playbook } from '../../../../src-main/core/engine/playbook';
import type { RunState } from '../../../../src-main/core/engine/run-state';
import { Failure } from '../../../../src-main/core/failure';
import type { Session } from '../../../../src-main/core/ports';
import type { Asker } from '../../../../src-main/hosts/cli/asker';
import type { Home, HomeOptions, PairInHand } from '../../../../src-main/hosts/cli/home';
import type { Io } from '../../../../src-main/hosts/cli/io';
import { run } from '../../../../src-main/hosts/cli/run';
import { fakeBenchmarks, type BenchScript } from './fake-benchmarks';

export const HASH = 'ab'.repeat(32);
export const playbook: Playbook = {
  id: 'demo',
  minutes: 1,
  risk: 'low',
  inputs: [
    { key: 'network.method', default: 'static', values: ['static', 'temporary'] },
    { key: 'network.foreign', values: ['adopt', 'replace', 'stop'] },
  ],
  stages: [{ id: 'network', needs: [], assess: () => Promise.reject(new Error('not asked')) }],
  shared: () => ({}),
};

export function stage(patch: Partial<PlannedStage> = {}): PlannedStage {
  return {
    id: 'network',
    status: 'needed',
    notes: [message('demo.note', { node: 'n1' })],
    blockers: [],
    changes: [
      {
        id: 'network/n1/file',
        node: 'n1',
        kind: 'file',
        spec: {},
        summary: message('demo.change', { node: 'n1' }),
        step: 0,
        index: 0,
        prior: {},
        commands: [
          {
            node: 'n1',
            script: 'set -eu\ncat >/etc/x',
            root: true,
            stdin: { kind: 'text', text: 'hello\n' },
            phase: 'act',
          },
        ],
        previews: [
          {
            title: '/etc/x',
            before: null,
            after: 'hello\n',
            diff: '--- /dev/null\n+++ /etc/x\n@@ -0,0 +1 @@\n+hello\n',
          },
        ],
      },
    ],
    ...patch,
  };
}

export const blocked = stage({
  status: 'blocked',
  changes: [],
  blockers: [
    {
      cause: message('demo.foreign'),
      remedy: message('demo.foreign.remedy'),
      decide: { input: 'network.foreign', values: ['adopt', 'replace'] },
    },
  ],
});

export function planOf(stages: PlannedStage[], inputs: Record<string, string> = {}): Plan {
  const node = (name: string) => ({
    name,
    host: `10.0.0.${name.slice(1)}`,
    port: 22,
    user: 'nvidia',
    hostKey: `SHA256:${name}`,
  });
  return {
    run: '0001-demo',
    playbook: 'demo',
    createdAt: 0,
    inputs,
    nodes: [node('n1'), node('n2')],
    factsHash: 'f',
    hash: HASH,
    stages,
  };
}

export function runState(patch: Partial<RunState> = {}): RunState {
  return {
    run: '0001-demo',
    playbook: 'demo',
    nodes: planOf([]).nodes,
    inputs: { 'network.method': 'static' },
    startedAt: 0,
    endedAt: 1,
    status: 'done',
    stages: [],
    changes: [
      {
        run: '0001-demo',
        index: 0,
        stage: 'network',
        change: {
          id: 'network/n1/file',
          node: 'n1',
          kind: 'file',
          spec: {},
          summary: message('demo.change', { node: 'n1' }),
          step: 0,
        },
        prior: {},
        after: {},
        status: 'applied',
      },
    ],
    failure: undefined,
    nextSeq: 3,
    ...patch,
  };
}

export const done: ApplyResult = {
  outcome: 'done',
  run: '0001-demo',
  changes: 1,
  unfinished: false,
  notes: [],
};
export const rolledBack: RollbackResult = {
  run: '0001-demo',
  outcome: 'rolled-back',
  restored: 1,
  drifted: [],
  failed: [],
};

export interface Script extends BenchScript {
  /** Stages of each plan, one entry per call; the last one stays. */
  readonly plans?: PlannedStage[][];
  readonly apply?: (
    emit: (event: EngineEventBody) => void,
    signal: AbortSignal | undefined,
  ) => Promise<ApplyResult>;
  readonly rollBack?: () => Promise<RollbackResult>;
  readonly settle?: () => Promise<RollbackResult>;
  readonly unfinished?: (RunState | undefined)[];
  readonly states?: RunState[];
  readonly open?: (options: HomeOptions) => Promise<void>;
  readonly verify?: PairInHand['verify'];
  readonly facts?: Pair<NodeFacts>;
  readonly exec?: Session['exec'];
  /** Oldest first. */
  readonly records?: BenchRecord[];
  /** Answers in order; a function sees the question. */
  readonly answers?: unknown[];
  readonly interactive?: boolean;
  readonly env?: Record<string, string>;
}

/** Commands of a node's session; nothing else of it is used here. */
function fakeSession({ exec }: Script): Session {
  const { signal: lost } = new AbortController();
  return { lost, exec: exec ?? (() => Promise.reject(new Error('not asked'))) } as unknown as Session;
}

/** Runs a command line over a scripted engine. */
export function drive(argv: string[], script: Script = {}) {
  const calls: string[] = [];
  const records = [...(script.records ?? [])];
  const questions: string[] = [];
  const answers = [...(script.answers ?? [])];
  const io = { out: '', err: '' };
  const handlers: (() => void)[] = [];
  let left = false;
  const answer = (question: string): Promise<unknown> => {
    questions.push(question);
    if (answers.length === 0) throw new Error(`nobody answers “${question}”`);
    const next = answers.shift();
    return next instanceof Failure ? Promise.reject(next) : Promise.resolve(next);
  };
  const asker: Asker = {
    confirm: (question) => answer(question) as Promise<boolean>,
    choose: (question) => answer(question) as Promise<never>,
    text: (question) => answer(question) as Promise<string>,
    secret: (question) => answer(question) as Promise<string>,
  };
  const compose = (options: HomeOptions): Promise<Home> => {
    const emit = (event: EngineEventBody) => options.listener({ time: 0, ...event });
    const plans = [...(script.plans ?? [[stage()]])];
    const unfinished = [...(script.unfinished ?? [])];
    const pair: PairInHand = {
      hostKeys: ['SHA256:n1', 'SHA256:n2'],
      sessions: [fakeSession(script), fakeSession(script)],
      facts: () => (script.facts ? Promise.resolve(script.facts) : Promise.reject(new Error('not asked'))),
      plan: (_id, inputs, options) => {
        calls.push(
          `plan ${JSON.stringify(inputs)}${options?.resume === undefined ? '' : ` resume ${options.resume}`}`,
        );
        const stages = (plans.length > 1 ? plans.shift() : plans[0]) ?? [];
        const prepared = {
          plan: planOf(stages, inputs),
          playbook,
          context: {},
          madeAt: 0,
          resumes: options?.resume,
        };
        return Promise.resolve(prepared as unknown as Prepared);
      },
      apply: (_prepared, signal) => {
        calls.push('apply');
        return script.apply?.(emit, signal) ?? Promise.resolve(done);
      },
      verify: script.verify ?? (() => Promise.resolve([])),
      rollBack: (name, scope) => {
        calls.push(`rollBack ${name} ${JSON.stringify(scope)}`);
        return script.rollBack?.() ?? Promise.resolve(rolledBack);
      },
      settle: (name) => {
        calls.push(`settle ${name}`);
        return script.settle?.() ?? Promise.resolve({ ...rolledBack, outcome: 'failed' as const });
      },
      close: () => {
        calls.push('close');
        return Promise.resolve();
      },
    };
    const states = script.states ?? [];
    const home: Home = {
      engine: {
        open: async (nodes) => {
          calls.push(`open ${nodes.map(({ user, host, port }) => `${user}@${host}:${port}`).join(' ')}`);
          emit({ type: 'node', node: nodes[0].name, state: 'connecting' });
          await script.open?.(options);
          return pair;
        },
        runs: {
          state: (name) => {
            const found = states.find(({ run: id }) => id === name);
            return found ? Promise.resolve(found) : Promise.reject(new Failure('UNKNOWN_RUN', { run: name }));
          },
          states: () => Promise.resolve(states),
          newestLive: () =>
            Promise.resolve(states.find(({ changes }) => changes.some(({ status }) => status !== 'undone'))),
          unfinished: () => Promise.resolve(unfinished.shift()),
        },
      },
      playbooks: new Map([[playbook.id, playbook]]),
      sshConfig: {
        list: () => Promise.resolve([]),
        resolve: (host) => Promise.resolve({ host, port: undefined, user: undefined }),
      },
      ...fakeBenchmarks(script, calls, records),
      discovery: {
        browse: () =>
          Promise.resolve([
            { name: 'spark\u001b[2J', host: 'spark.local', port: 22, addresses: ['10.0.0.1'] },
          ]),
      },
    };
    return Promise.resolve(home);
  };
  const fakeIo: Io = {
    stdout: { write: (text) => (io.out += text) },
    stderr: { write: (text) => (io.err += text) },
    env: { LANG: 'C', TWINSPARK_DATA_DIR: '/nowhere', ...script.env },
    cwd: '/',
    home: '/home/me',
    localUser: 'me',
    interactive: script.interactive ?? false,
    asker: () => Promise.resolve(asker),
  };
  const process = {
    on: (_name: string, handler: () => void) => handlers.push(handler),
    off: () => undefined,
  } as unknown as NodeJS.Process;
  const finished = run(argv, {
    io: fakeIo,
    version: '1.2.3',
    compose,
    playbooks: () => Promise.resolve([playbook]),
    process,
    leave: () => (left = true),
  });
  const interrupt = () => handlers[0]?.();
  return {
    finished,
    interrupt,
    calls,
    records,
    questions,
    io,
    hasLeft: () => left,
    lines: () =>
      io.out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

export const NODES = ['--node', 'nvidia@10.0.0.1', '--node', 'nvidia@10.0.0.2'];
export const OPEN = 'open nvidia@10.0.0.1:22 nvidia@10.0.0.2:22';

export async function finish(argv: string[], script: Script = {}) {
  const driven = drive(argv, script);
  return { code: await driven.finished, ...driven, ...driven.io };
}
