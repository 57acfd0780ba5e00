import { Buffer } from 'node:buffer';
import type { NodeAddress } from '../core/ports';
import { makeCluster, practiceLogin } from './machine/cluster';
import type { FaultId } from './machine/faults';
import type { PracticeCluster, PracticeNode, ShellRunner } from './machine/node-model';
import { PracticeServer } from './server/practice-server';
import { answerOf } from './shell/answers';
import { FileLocks } from './shell/file-locks';
import { Processes } from './shell/processes';
import type { Machine } from './shell/run-context';
import { runShell } from './shell/run-shell';

export interface PracticeOptions {
  /** Names of the nodes in the pair; their host names when left out. */
  readonly names?: readonly [string, string];
  /** How much quicker than usual tests are over, for tests of our own. */
  readonly pace?: number;
}

/** A fault that can be put into the pair; its words are `practice.fault.ID.title` and `.text` of the catalogue. */
export interface PracticeFault {
  readonly id: FaultId;
  readonly on: boolean;
}

/** Two make-believe DGX Sparks with an SSH server each, on this computer and in memory only. */
export interface PracticePair {
  /** Where they are reached; `hostKey` is the one that they have without faults. */
  readonly nodes: readonly [NodeAddress, NodeAddress];
  /** Password of the account in {@link nodes}, for login and sudo. No secret: it is shown to the learner. */
  readonly loginPassword: string;
  readonly faults: readonly PracticeFault[];
  setFault(id: FaultId, on: boolean): void;
  /** Both nodes as they came from the factory, without faults. Connections are cut, what ran is ended. */
  reset(): void;
  /** Stops the servers and everything that runs on the nodes. */
  close(): Promise<void>;
}

/**
 * Starts the practice pair. Costs a few megabytes and some tens of milliseconds: load this module when it is wanted.
 * @throws Failure INTERNAL when there is no port to listen on
 */
export async function startPractice(options: PracticeOptions = {}): Promise<PracticePair> {
  return startPair(practiceCluster(options));
}

/** Shared by what runs on a node: logins, timers, and `ssh` from the other one. */
const machines = new WeakMap<PracticeNode, Machine>();

function machineOf(node: PracticeNode): Machine {
  const known = machines.get(node) ?? { node, processes: new Processes(), locks: new FileLocks() };
  machines.set(node, known);
  return known;
}

const runOn: ShellRunner = async (node, caller, script, { stdin, ...rest }) => {
  const input = stdin === undefined ? {} : { stdin: Buffer.from(stdin, 'latin1') };
  return answerOf(await runShell(machineOf(node), { caller, script, ...input, ...rest }));
};

/** The two machines without their servers. */
export function practiceCluster(options: PracticeOptions = {}): PracticeCluster {
  return makeCluster({ ...options, shell: runOn });
}

/** Puts SSH servers before the nodes of a cluster. */
export async function startPair(cluster: PracticeCluster): Promise<PracticePair> {
  const [first, second] = cluster.nodes.map(machineOf) as [Machine, Machine];
  const { user, password } = practiceLogin;
  const servers = await Promise.all([PracticeServer.start(first, user), PracticeServer.start(second, user)]);
  const forget = cluster.onFault(() => {
    for (const server of servers) server.refresh();
  });
  return {
    nodes: [servers[0].address, servers[1].address],
    loginPassword: password,
    get faults() {
      return cluster.faults;
    },
    setFault: (id, on) => cluster.setFault(id, on),
    reset() {
      for (const { processes } of [first, second]) processes.killAll();
      for (const server of servers) server.cut();
      cluster.reset();
      for (const server of servers) server.refresh();
    },
    async close() {
      forget();
      await Promise.all(servers.map((server) => server.close()));
      cluster.close();
    },
  };
}
