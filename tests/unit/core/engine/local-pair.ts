import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { FileRunStore } from '../../../../src-main/adapters/storage/file-run-store';
import { SystemClock } from '../../../../src-main/adapters/laptop/system-clock';
import type { EngineEvent } from '../../../../src-main/contract/events';
import type { Change, ChangeKind } from '../../../../src-main/core/change/kind';
import { Engine } from '../../../../src-main/core/engine/engine';
import type { NodeFacts } from '../../../../src-main/contract/facts';
import type { Assessment, Pair, Playbook, Verification } from '../../../../src-main/core/engine/playbook';
import { KnownSecrets } from '../../../../src-main/core/engine/secrets';
import { Failure } from '../../../../src-main/core/failure';
import type {
  ExecOptions,
  ExecRequest,
  ExecResult,
  NodeAddress,
  RunStore,
  Session,
} from '../../../../src-main/core/ports';
import { unreachableFacts } from '../../../../src-main/core/probe/unreachable';
import { raw, sh } from '../../../../src-main/core/shell/quote';

/** Each "node" is a folder of this computer; commands run in its /bin/sh, with the lease file in that folder. */
export class LocalSession implements Session {
  readonly user = 'me';
  readonly hostKey: string;
  #lost = new AbortController();
  /** Set to make every further command fail as if the connection were gone. */
  dead = false;
  provable = true;
  readonly ran: string[] = [];

  constructor(
    readonly node: string,
    private readonly directory: string,
  ) {
    this.hostKey = `SHA256:${node}`;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  lose(): void {
    this.dead = true;
    this.#lost.abort();
  }

  async exec(request: ExecRequest, options: ExecOptions = {}): Promise<ExecResult> {
    if (this.dead) throw new Failure('CONNECTION_LOST', {}, { node: this.node });
    this.ran.push(request.script);
    const script = request.script
      .replaceAll('/run/twinspark.lock', path.join(this.directory, '.lease'))
      .replaceAll('/var/lib/twinspark', path.join(this.directory, '.kept'));
    const child = spawn('/bin/sh', ['-c', script], { cwd: this.directory, stdio: ['pipe', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
        for (const line of text.split('\n')) if (line !== '') options.onLine?.(stream, line);
      });
    }
    child.stdin.on('error', () => undefined);
    child.stdin.end(request.stdin ?? '');
    const [code] = (await once(child, 'close')) as [number];
    return { code, signal: null, durationMs: 0, ...output };
  }

  openTerminal(): Promise<never> {
    return Promise.reject(new Failure('TERMINAL_UNAVAILABLE', { reason: 'a double' }));
  }

  proveReachable(): Promise<void> {
    if (this.provable && !this.dead) return Promise.resolve();
    return Promise.reject(new Failure('NODE_UNREACHABLE', {}, { node: this.node }));
  }

  reconnect(): Promise<void> {
    return this.dead
      ? Promise.reject(new Failure('NODE_UNREACHABLE', {}, { node: this.node }))
      : Promise.resolve();
  }

  revive(): void {
    this.dead = false;
    this.#lost = new AbortController();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** No probe is run: what these playbooks do does not depend on facts. */
const NO_FACTS = unreachableFacts('NODE_UNREACHABLE');

interface MemoSpec {
  file: string;
  text: string;
  guarded: boolean;
  /** A command that runs after the file is written, e.g. one that fails. */
  then?: string;
}
type MemoState = { text: string | null; trial: boolean };

/** Writes a text into a file of the node's folder: the smallest kind that has everything. */
const memo: ChangeKind<MemoSpec, MemoState> = {
  name: 'memo',
  spec: z.object({
    file: z.string(),
    text: z.string(),
    guarded: z.boolean(),
    then: z.string().exactOptional(),
  }),
  state: z.object({ text: z.string().nullable(), trial: z.boolean() }),
  read: ({ file }) =>
    sh`if [ -e ${`${file}.trial`} ]; then echo trial; else echo plain; fi; if [ -e ${file} ]; then printf =; cat ${file}; fi`,
  parse: (_spec, output) => {
    const [head = '', ...rest] = output.split('\n');
    const body = rest.join('\n');
    return { text: body.startsWith('=') ? body.slice(1) : null, trial: head === 'trial' };
  },
  satisfied: ({ text }, state) => state.text === text && !state.trial,
  forward: ({ file, text, guarded, then }) => {
    const write = {
      script: raw(`cat > ${file}\n${then ?? ':'}`),
      root: true,
      input: { kind: 'text', text } as const,
    };
    if (!guarded) return { commands: [write] };
    return {
      commands: [],
      guard: {
        seconds: 60,
        arm: { script: sh`touch ${`${file}.trial`}`, root: true },
        trial: [{ script: raw(then ?? ':'), root: true }],
        keep: [write, { script: sh`rm ${`${file}.trial`}`, root: true }],
      },
    };
  },
  backward: ({ file }, prior) => ({
    commands: [
      prior.text === null
        ? { script: sh`rm -f ${file} ${`${file}.trial`}`, root: true }
        : {
            script: sh`cat > ${file}; rm -f ${`${file}.trial`}`,
            root: true,
            input: { kind: 'text', text: prior.text } as const,
          },
    ],
  }),
  achieved: ({ text }, _prior, now) => now.text === text && !now.trial,
  judge: ({ text }, prior, _after, now) => {
    if (now.text === prior.text && !now.trial) return 'prior';
    return now.text === text || now.trial ? 'ours' : 'foreign';
  },
  undone: (_spec, prior, now) => now.text === prior.text && !now.trial,
  preview: ({ file, text }, prior) => [{ title: file, before: prior.text, after: text }],
  text: (state) => state.text ?? '(absent)',
};

export interface StageScript {
  id: string;
  needs?: string[];
  memos: { node: string; file: string; text: string; step?: number; guarded?: boolean; then?: string }[];
  verify?: () => Verification;
  blocked?: boolean;
}

export const NODES: Pair<NodeAddress> = [
  { name: 'one', host: '127.0.0.1', port: 22, user: 'me' },
  { name: 'two', host: '127.0.0.2', port: 22, user: 'me' },
];

/** A playbook from a list of files to write. */
export function playbookOf(stages: StageScript[]): Playbook {
  return {
    id: 'test',
    minutes: 1,
    risk: 'low',
    inputs: [{ key: 'word', default: 'hello' }],
    shared: () => ({}),
    stages: stages.map(({ id, needs = [], memos, verify, blocked }) => ({
      id,
      needs,
      assess: () => {
        const changes = memos.map(({ node, file, step = 1, guarded = false, ...rest }): Change => ({
          id: `${id}/${node}/${file}`,
          node,
          kind: 'memo',
          spec: { file, guarded, ...rest },
          summary: { code: 'test.memo', params: { file } },
          step,
        }));
        const message = { code: 'test.blocked', params: {} };
        const assessment: Assessment = blocked
          ? { status: 'blocked', notes: [], blockers: [{ cause: message, remedy: message }] }
          : { status: 'needed', notes: [], changes };
        return Promise.resolve(assessment);
      },
      ...(verify ? { verify: () => Promise.resolve(verify()) } : {}),
    })),
  };
}

/** Two folders as nodes, a third for the journals; everything a test needs around the engine. */
export class LocalPair {
  readonly events: EngineEvent[] = [];
  #sessions: [LocalSession, LocalSession] | undefined;

  private constructor(
    readonly home: string,
    readonly runs: RunStore,
  ) {}

  static async make(): Promise<LocalPair> {
    const home = await mkdtemp(path.join(tmpdir(), 'twinspark-engine-'));
    for (const name of ['one', 'two', 'data']) await mkdir(path.join(home, name));
    return new LocalPair(home, new FileRunStore(path.join(home, 'data')));
  }

  /** The same nodes and journals once more, as after a crash. */
  static at(home: string): LocalPair {
    return new LocalPair(home, new FileRunStore(path.join(home, 'data')));
  }

  /** A fresh start of the app: new connections, new engine, the same nodes and journals. */
  /** What a look at both shows. */
  facts: () => Promise<Pair<NodeFacts>> = () => Promise.resolve([NO_FACTS, NO_FACTS]);

  start(
    playbook: Playbook,
    runs: RunStore = this.runs,
    secrets: Record<string, string> = {},
    listener: (event: EngineEvent) => void = (event) => this.events.push(event),
  ) {
    const sessions: [LocalSession, LocalSession] = [this.#session('one'), this.#session('two')];
    this.#sessions = sessions;
    const engine = new Engine(
      {
        connector: { connect: ({ name }) => Promise.resolve(sessions[name === 'one' ? 0 : 1]) },
        runs,
        secrets: new KnownSecrets({ get: ({ kind }) => Promise.resolve(secrets[kind]) }),
        clock: new SystemClock(),
        laptop: { networks: () => [] },
        playbooks: new Map([[playbook.id, playbook]]),
        kinds: new Map([['memo', memo]]),
        probe: () => this.facts(),
        factsHash: () => 'facts',
        version: '0.0.0',
      },
      listener,
    );
    return { engine, sessions };
  }

  #session(name: string): LocalSession {
    return new LocalSession(name, path.join(this.home, name));
  }

  get sessions(): [LocalSession, LocalSession] {
    if (!this.#sessions) throw new Error('not started');
    return this.#sessions;
  }

  /** All files of both nodes with their texts. */
  async files(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const node of ['one', 'two']) {
      for (const file of await readdir(path.join(this.home, node))) {
        found[`${node}/${file}`] = await readFile(path.join(this.home, node, file), 'utf8');
      }
    }
    return found;
  }

  clean(): Promise<void> {
    return rm(this.home, { recursive: true, force: true });
  }
}
