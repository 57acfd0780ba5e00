import { afterAll, beforeAll } from 'vitest';
import type { BenchRecord } from '../../../../src-main/contract/bench-record';
import { benchRequestSchema, type BenchRequestInput } from '../../../../src-main/contract/bench-request';
import type { NodeFacts } from '../../../../src-main/contract/facts';
import { Bench } from '../../../../src-main/core/benchmark/run/bench';
import { probeNode } from '../../../../src-main/core/probe/probe-node';
import type { Session } from '../../../../src-main/core/ports';
import type { FaultId } from '../../../../src-main/practice/machine/faults';
import { startPractice, type PracticePair } from '../../../../src-main/practice/practice';
import {
  connector,
  realClock,
  refuseKeys,
  removeFolders,
  ScriptedSecrets,
} from '../../adapters/ssh2/fixtures/laptop';

/** A practice pair with addresses on both halves and all tools, and the app's own bench on it through real SSH. */
export class BenchPair {
  readonly bench: Bench;
  #facts: Promise<[NodeFacts, NodeFacts]> | undefined;
  #ids = 0;

  private constructor(
    readonly pair: PracticePair,
    readonly sessions: readonly [Session, Session],
  ) {
    this.bench = new Bench({
      sessions: [...sessions],
      clock: realClock,
      facts: () => (this.#facts ??= Promise.all([probeNode(sessions[0]), probeNode(sessions[1])])),
      newId: () => `20261120T172119Z-${(this.#ids++).toString(16).padStart(8, '0')}`,
    });
  }

  /** @param pace see {@link startPractice} */
  static async start(pace: number): Promise<BenchPair> {
    const pair = await startPractice({ pace });
    const sessions: [Session, Session] = [await logIn(pair, 0), await logIn(pair, 1)];
    await Promise.all(sessions.map(prepare));
    await acquaint(sessions);
    return new BenchPair(pair, sessions);
  }

  /** What is left out takes its usual value. */
  run(request: BenchRequestInput, options?: Parameters<Bench['run']>[1]): Promise<BenchRecord> {
    return this.bench.run(benchRequestSchema.parse(request), options);
  }

  /** One fault on, all others off; null for a healthy pair. The nodes are probed anew. */
  fault(id: FaultId | null): void {
    for (const { id: one, on } of this.pair.faults) if (on !== (one === id)) this.pair.setFault(one, !on);
    this.#facts = undefined;
  }

  /** Names of the programs that run on the nodes. */
  async running(): Promise<string[]> {
    const script = 'cat /proc/[0-9]*/comm 2>/dev/null || :';
    const lists = await Promise.all(this.sessions.map((session) => session.exec({ script, root: false })));
    return lists.flatMap(({ stdout }) => stdout.split('\n')).filter(Boolean);
  }

  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.close()));
    await this.pair.close();
    await removeFolders();
  }
}

/** One pair for all tests of a file. */
export function benchPair({ pace = 0.2 } = {}): () => BenchPair {
  let started: BenchPair | undefined;
  beforeAll(async () => {
    started = await BenchPair.start(pace);
  });
  afterAll(() => started?.close());
  return () => {
    if (started === undefined) throw new Error('the pair is there in tests only');
    return started;
  };
}

async function logIn(pair: PracticePair, index: 0 | 1): Promise<Session> {
  const password = Array<string>(8).fill(pair.loginPassword);
  const secrets = new ScriptedSecrets({ 'login-password': [...password], 'sudo-password': [...password] });
  const laptop = await connector({ secrets, hostKeys: refuseKeys });
  return laptop.connect(pair.nodes[index]);
}

/** Addresses as the app gives them, and what a Spark's owner has to install. */
async function prepare(session: Session, node: number): Promise<void> {
  const addresses = ['enp1s0f1np1', 'enP2p1s0f1np1'].map(
    (port, half) => `ip addr add 192.168.${100 + half}.${10 + node}/24 dev ${port}`,
  );
  const script = [...addresses, 'apt-get -q -y install ucx-utils openmpi-bin'].join(' && ');
  await session.exec({ script, root: true });
}

/** Logins from node to node, and the NCCL tests where NVIDIA's playbook has them. */
async function acquaint(sessions: readonly Session[]): Promise<void> {
  const own = [
    'mkdir -p -m 0700 ~/.ssh',
    "ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_ed25519",
    'mkdir -p ~/nccl-tests/build',
    'for t in all_gather all_reduce; do echo >~/nccl-tests/build/${t}_perf; chmod 0755 ~/nccl-tests/build/${t}_perf; done',
    'cat ~/.ssh/id_ed25519.pub',
  ].join(' && ');
  const keys = await Promise.all(sessions.map((session) => session.exec({ script: own, root: false })));
  await Promise.all(
    sessions.map((session, node) =>
      session.exec({
        script: `cat >>~/.ssh/authorized_keys && chmod 0600 ~/.ssh/authorized_keys && ssh-keyscan 192.168.100.${11 - node} 192.168.101.${11 - node} >>~/.ssh/known_hosts`,
        root: false,
        stdin: keys[1 - node]?.stdout ?? '',
      }),
    ),
  );
}
