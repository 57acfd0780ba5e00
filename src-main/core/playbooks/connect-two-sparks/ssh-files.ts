import type { NetworkPlan } from './shared';
import type { SshNode } from './ssh-plan';

/** Names under which a node is reached: its host name, with `.local`, and its addresses on the cable. */
function namesOf({ hostname, addresses }: SshNode): { names: string[]; addresses: readonly string[] } {
  const short = hostname.endsWith('.local') ? hostname.slice(0, -'.local'.length) : hostname;
  return { names: [...new Set([hostname, short, `${short}.local`])], addresses };
}

/**
 * known_hosts lines with the host keys of both nodes, as read over connections that were already verified. ssh looks a
 * name up in lower case.
 */
export function knownHostsText(nodes: readonly SshNode[]): string {
  return nodes
    .flatMap((node) => {
      const { names, addresses } = namesOf(node);
      const patterns = [...new Set([...names, ...addresses].map((name) => name.toLowerCase()))].join(',');
      return [...node.hostKeys].sort().map((key) => `${patterns} ${key}\n`);
    })
    .join('');
}

/** A path below the account's home, as ssh_config writes it. */
function fromHome({ keyPath, account }: SshNode): string {
  return keyPath.startsWith(`${account.home}/`) ? `~${keyPath.slice(account.home.length)}` : keyPath;
}

/**
 * Entries for both nodes, for the top of ~/.ssh/config: the first value that ssh finds wins, and `Include` only works
 * before the first `Host`, so the block ends with `Match all`, which gives the lines after it back their meaning.
 */
export function configText(own: SshNode, nodes: readonly SshNode[], method: NetworkPlan['method']): string {
  const entries = nodes.map((node) => {
    const { names, addresses } = namesOf(node);
    const [address] = addresses;
    const local = names.find((name) => name.endsWith('.local')) ?? node.hostname;
    const target = address ?? (method === 'link-local' || method === 'adopted' ? local : node.hostname);
    return [
      `Host ${names.join(' ')}`,
      `    HostName ${target}`,
      `Host ${[...names, ...addresses].join(' ')}`,
      `    User ${node.account.name}`,
      `    IdentityFile ${fromHome(own)}`,
    ];
  });
  return [...entries.flat(), 'Match all', ''].join('\n');
}
