import type { BenchRecord } from '../../contract/bench-record';
import type { Fact, FileState, NodeFacts } from '../../contract/facts';
import { shortened } from './clean';
import type { ReportSource } from './input';
import type { ReportNode, ReportPort, Told } from './shape';

/** Characters of a netplan file that a report repeats. */
const CONTENT = 4096;

/** What a report says of one node; `peer` is the other one, `records` the pair's measurements, newest first. */
export function nodePart(
  { facts, ...identity }: ReportSource,
  peer: NodeFacts | null,
  place: 0 | 1,
  records: readonly BenchRecord[],
): ReportNode {
  const read = <T, R>(fact: ((facts: NodeFacts) => Fact<T>) | null, value: (from: T) => R): Told<R> => {
    if (facts === null || fact === null) return { known: false, reason: 'not-asked' };
    const found = fact(facts);
    return found.known ? { known: true, value: value(found.value) } : { known: false, reason: found.reason };
  };
  const firmware = records.map(({ nodes }) => nodes[place].firmware).find((one) => one !== null);
  const fast = facts?.ports.known === true ? facts.ports.value.map(({ netdev }) => netdev) : [];
  return {
    ...identity,
    hostname: read(
      ({ hostname }) => hostname,
      (name) => name,
    ),
    model: read(
      ({ release }) => release,
      ({ name, platform }) => (platform === null ? name : `${name} (${platform})`),
    ),
    release: read(
      ({ release }) => release,
      ({ version, build }) => (build === null || build === version ? version : `${version} (${build})`),
    ),
    os: read(
      ({ os }) => os,
      ({ name, id, version }) => (name === '' ? `${id} ${version}` : name),
    ),
    kernel: read(
      ({ kernel }) => kernel,
      ({ release, arch }) => `${release} ${arch}`,
    ),
    gpus: read(
      ({ gpus }) => gpus,
      (gpus) => gpus.map(({ name }) => name),
    ),
    driver: read(
      ({ gpus }) => gpus,
      (gpus) => [...new Set(gpus.flatMap(({ driver }) => driver ?? []))].join(', '),
    ),
    cuda: read(
      ({ cuda }) => cuda,
      (version) => version,
    ),
    firmware:
      firmware === undefined ? { known: false, reason: 'not-asked' } : { known: true, value: firmware },
    memoryBytes: read(
      ({ memory }) => memory,
      ({ totalBytes }) => totalBytes,
    ),
    disks: read(
      ({ disks }) => disks,
      (disks) =>
        disks
          .filter(({ mount }) => !/^\/(boot|run|dev|sys|snap)(\/|$)/.test(mount))
          .map(({ mount, sizeBytes, availableBytes }) => ({ mount, sizeBytes, availableBytes })),
    ),
    uptimeSeconds: read(
      ({ uptimeSeconds }) => uptimeSeconds,
      (seconds) => seconds,
    ),
    sudo: read(
      ({ sudo }) => sudo,
      (sudo) => sudo,
    ),
    firewall: read(
      ({ firewall }) => firewall,
      ({ active, rules }) => ({ active, rules: rules.length }),
    ),
    docker: read(
      ({ tools }) => tools,
      (tools) => tools['docker'] ?? null,
    ),
    addresses: read(
      ({ addresses }) => addresses,
      (addresses) =>
        addresses
          .filter((one) => one.scope !== 'host' && !fast.includes(one.interface))
          .map((one) => ({ interface: one.interface, address: `${one.address}/${one.prefix}` })),
    ),
    ports: read(
      ({ ports }) => ports,
      (ports) =>
        ports.map((port): ReportPort => ({
          ...port,
          addresses:
            facts?.addresses.known === true
              ? facts.addresses.value
                  .filter((one) => one.interface === port.netdev)
                  .map(({ address, prefix }) => `${address}/${prefix}`)
              : [],
        })),
    ),
    netplan: read(
      ({ netplan }) => netplan,
      ({ renderer, files }) => ({
        renderer,
        files: files.flatMap(({ path, file, shadowed, problem }) =>
          file.exists
            ? [
                {
                  path,
                  mode: file.mode,
                  shadowed: shadowed === true,
                  fastPorts: names(file.content, fast),
                  problem: problem ?? null,
                  content:
                    names(file.content, fast) && isWired(file.content)
                      ? shortened(file.content ?? '', CONTENT, 'beginning')
                      : null,
                },
              ]
            : [],
        ),
      }),
    ),
    ssh: read(
      ({ ssh }) => ssh,
      ({ user, keys, authorizedKeys, knownHosts }) => ({
        user,
        keys: keys.map(({ path, type, fingerprint }) => ({ path, type, fingerprint })),
        authorized: linesOf(authorizedKeys).length,
        letsPeerIn: holds(authorizedKeys, peer, (ssh) => ssh.keys.map(({ publicKey }) => publicKey)),
        knowsPeer: holds(knownHosts, peer, ({ hostKeys }) => hostKeys),
      }),
    ),
  };
}

function names(content: string | undefined, ports: readonly string[]): boolean {
  return content !== undefined && ports.some((port) => new Set(content.split(/[^\w.-]+/)).has(port));
}

/** A Wi-Fi's name is nobody's business, whatever is masked. */
function isWired(content: string | undefined): boolean {
  return content !== undefined && !/wifis|access-points|ssid|networkmanager:/i.test(content);
}

type Ssh = Extract<NodeFacts['ssh'], { known: true }>['value'];

/** Whether a file holds one of the peer's keys; null when one of both is not known. */
function holds(file: FileState, peer: NodeFacts | null, keys: (ssh: Ssh) => string[]): boolean | null {
  if (peer?.ssh.known !== true) return null;
  const wanted = keys(peer.ssh.value);
  if (wanted.length === 0 || (file.exists && file.content === undefined)) return null;
  return linesOf(file).some((line) => wanted.some((key) => line.includes(key)));
}

function linesOf(file: FileState): string[] {
  const content = file.exists ? (file.content ?? '') : '';
  return content.split('\n').filter((line) => /^\s*[^#\s]/.test(line));
}
