import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import type { NodeAddress } from '../../../core/ports';
import { quote } from '../../../core/shell/quote';
import type { ClusterNode } from '../cluster-schema';
import type { Cli, Outcome } from '../cli';
import { untilInterrupted } from '../until-interrupted';

/** What the command uses of the practice pair. */
export interface PracticePair {
  readonly nodes: readonly [NodeAddress, NodeAddress];
  readonly loginPassword: string;
  close(): Promise<void>;
}

/** Holds the password of the practice pair while it is used from the command line. */
const VARIABLE = 'TWINSPARK_PRACTICE_PASSWORD';

/** Loaded when it is wanted: a shell and two SSH servers are heavy. */
const startPair = async (): Promise<PracticePair> =>
  (await import('../../../practice/practice')).startPractice();

/** `twinspark practice`: two make-believe nodes for the other commands, until Ctrl-C. */
export async function practice(cli: Cli, start: () => Promise<PracticePair> = startPair): Promise<Outcome> {
  const { words, output } = cli;
  cli.interruptText = (what) => words.say(`cli.practice.interrupt.${what}`);
  const dataDir = await cli.dataDir();
  const pair = await start();
  let folder: string | undefined;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    // A folder of its own (0700): several pairs may be up.
    folder = await mkdtemp(path.join(dataDir, 'practice-pair-'));
    const cluster = path.join(folder, 'cluster.yaml');
    await writeFile(cluster, clusterYaml(pair.nodes), { flag: 'wx', mode: 0o600 });
    announce(cli, cluster, pair.loginPassword);
    await untilInterrupted(cli.signal);
  } finally {
    await pair.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
  output.note(words.say('cli.practice.ended'));
  return { exitCode: 0, result: {} };
}

/** The pair as a cluster file. The password is not in it, as in no cluster file. */
function clusterYaml(nodes: readonly NodeAddress[]): string {
  return stringify({
    nodes: nodes.map(({ name, host, port, user, hostKey }): ClusterNode => ({
      name,
      host,
      port,
      user,
      passwordEnv: VARIABLE,
      ...(hostKey === undefined ? {} : { hostKey }),
    })),
  });
}

function announce({ words, output }: Cli, cluster: string, password: string): void {
  output.data({ type: 'practice', cluster, env: { [VARIABLE]: password } });
  output.say(words.say('cli.practice.ready'));
  output.say();
  output.say(`  export ${VARIABLE}=${quote(password)}`);
  output.say(`  twinspark apply connect-two-sparks -c ${quote(cluster)}`);
  output.say();
  output.note(words.say('cli.practice.end'));
}
