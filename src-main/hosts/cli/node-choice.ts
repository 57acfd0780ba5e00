import type { NodeIdentity } from '../../contract/plan';
import type { Pair } from '../../core/engine/playbook';
import { Failure } from '../../core/failure';
import type { NodeAddress } from '../../core/ports';
import { parseNode, type CommonOptions } from './arguments';
import type { SecretNames } from './asking-secrets';
import type { Choice } from './asker';
import { readClusterFile } from './cluster-file';
import { isNodeName, type ClusterNode } from './cluster-schema';
import type { Cli } from './cli';
import type { Home } from './home';
import { plain } from '../../words/plain';

/** The two nodes of a command, and where their secrets come from. */
export interface ChosenNodes {
  readonly nodes: Pair<NodeAddress>;
  readonly secrets: ReadonlyMap<string, SecretNames>;
}

/**
 * The nodes that the arguments name: a cluster file, or two `--node`; undefined when they name none.
 * @throws Failure BAD_CLUSTER_FILE, USAGE
 */
export async function namedNodes(
  options: CommonOptions,
  cli: Cli,
  home: Home,
): Promise<ChosenNodes | undefined> {
  const words = options.node ?? [];
  if (options.cluster !== undefined) {
    if (words.length > 0) throw new Failure('USAGE', { problem: 'cluster-and-node', value: '' });
    const nodes = await readClusterFile(cli.path(options.cluster), cli.io.home);
    return {
      nodes: [addressOf(nodes[0]), addressOf(nodes[1])],
      secrets: new Map(nodes.map((node) => [node.name, node])),
    };
  }
  const [first, second, ...more] = words;
  if (first === undefined) return undefined;
  if (second === undefined || more.length > 0) {
    throw new Failure('USAGE', { problem: 'not-two-nodes', value: String(words.length) });
  }
  const nodes = [await fromWords(first, cli, home), await fromWords(second, cli, home)] as const;
  if (nodes[0].name === nodes[1].name)
    throw new Failure('USAGE', { problem: 'same-node', value: nodes[0].name });
  return { nodes, secrets: new Map() };
}

/**
 * The nodes of a command that cannot do without: named, else picked on the terminal from ~/.ssh/config.
 * @throws Failure USAGE when nobody is there to pick
 */
export async function requireNodes(options: CommonOptions, cli: Cli, home: Home): Promise<ChosenNodes> {
  const named = await namedNodes(options, cli, home);
  if (named) return named;
  const asker = await cli.asker?.();
  const hosts = asker ? await home.sshConfig.list() : [];
  if (!asker || hosts.length < 2) throw new Failure('USAGE', { problem: 'no-nodes', value: '' });
  const choices = hosts.map(({ alias, host, user }): Choice<string> => ({
    value: alias,
    label: plain(alias),
    hint: plain(user === undefined ? host : `${user}@${host}`),
  }));
  const one = await asker.choose(cli.words.say('cli.nodes.first'), choices, cli.signal);
  const rest = choices.filter(({ value }) => value !== one);
  const two = await asker.choose(cli.words.say('cli.nodes.second'), rest, cli.signal);
  return { nodes: [await fromWords(one, cli, home), await fromWords(two, cli, home)], secrets: new Map() };
}

/** The nodes that a run's journal names: enough to reach them, held to the host keys of the run. */
export function journaledNodes(identities: Pair<NodeIdentity>): ChosenNodes {
  return { nodes: [addressOf(identities[0]), addressOf(identities[1])], secrets: new Map() };
}

async function fromWords(text: string, cli: Cli, home: Home): Promise<NodeAddress> {
  const { user, host, port } = parseNode(text);
  const known = await home.sshConfig.resolve(host);
  const name = host.includes(':') ? host.replace(/[:%]/g, '-') : host;
  if (!isNodeName(name)) throw new Failure('USAGE', { problem: 'bad-node', value: text });
  // The alias stays the host: the connector looks the rest up under it.
  return { name, host, port: port ?? known.port ?? 22, user: user ?? known.user ?? cli.io.localUser };
}

function addressOf({
  name,
  host,
  port,
  user,
  identityFile,
  hostKey,
}: ClusterNode | NodeIdentity): NodeAddress {
  return {
    name,
    host,
    port,
    user,
    ...(identityFile === undefined ? {} : { identityFile }),
    ...(hostKey === undefined ? {} : { hostKey }),
  };
}
