import type { CxPort, Fact, NodeFacts } from '../../contract/facts';
import type { Pair } from '../../core/engine/playbook';
import type { Paint } from './paint';
import { plain } from '../../words/plain';
import { table } from './table';
import type { Words } from '../../words/words';

type Names = keyof NodeFacts;
/** Known values become lines; untrusted ones are filtered where they are printed. */
type Printer<T> = (value: T, words: Words) => string[];
type ValueOf<N extends Names> = NodeFacts[N] extends Fact<infer T> ? T : never;
type Printers = { readonly [N in Names]?: Printer<ValueOf<N>> };

const printers: Printers = {
  hostname: (name) => [name],
  release: ({ name, version }) => [`${name} ${version}`],
  os: ({ name, version }) => [name === '' ? version : name],
  kernel: ({ release, arch }) => [`${release} ${arch}`],
  uptimeSeconds: (seconds, words) => [words.duration(seconds * 1000)],
  clockMs: (time, words) => [words.when(time)],
  account: ({ name, uid, groups }) => [`${name} (${uid}) ${groups.join(',')}`],
  sudo: (sudo, words) => [words.say(`cli.probe.sudo.${sudo}`)],
  memory: ({ totalBytes, availableBytes }, words) => [free(totalBytes, availableBytes, words)],
  disks: (disks, words) =>
    disks
      .filter(isStorage)
      .map(({ mount, sizeBytes, availableBytes }) => `${mount}  ${free(sizeBytes, availableBytes, words)}`),
  gpus: (gpus) => gpus.map(({ name, driver }) => (driver === null ? name : `${name} (${driver})`)),
  cuda: (version) => [version],
  ports: (ports, words) => ports.map((port) => portLine(port, words)),
  addresses: (addresses) =>
    addresses
      .filter(({ scope }) => scope !== 'host')
      .map(({ interface: name, address, prefix }) => `${name}  ${address}/${prefix}`),
  netplan: ({ files }) => files.filter(({ file }) => file.exists).map(({ path }) => path),
  firewall: ({ active, rules }, words) => [
    words.say(active ? 'cli.probe.firewall.on' : 'cli.probe.firewall.off', { rules: rules.length }),
  ],
  peers: (peers) => peers.map(({ name, address, interface: port }) => `${port}  ${name}  ${address}`),
  tools: (tools) => Object.keys(tools).sort(),
};

/** Both nodes side by side, a block per fact. */
export function factsTable(
  names: Pair<string>,
  facts: Pair<NodeFacts>,
  words: Words,
  paint: Paint,
): string[] {
  const head = ['', paint.bold(plain(names[0])), paint.bold(plain(names[1]))];
  const rows = (Object.keys(printers) as Names[]).flatMap((name) => {
    const left = factLines(name, facts[0], words, paint);
    const right = factLines(name, facts[1], words, paint);
    return Array.from({ length: Math.max(left.length, right.length, 1) }, (_, line) => [
      line === 0 ? words.say(`cli.probe.${name}`) : '',
      left[line] ?? '',
      right[line] ?? '',
    ]);
  });
  return table([head, ...rows]);
}

function factLines(name: Names, facts: NodeFacts, words: Words, paint: Paint): string[] {
  const fact: Fact<unknown> = facts[name];
  if (!fact.known) return [paint.yellow(words.say(`cli.unknown.${fact.reason}`))];
  const print = printers[name] as Printer<unknown> | undefined;
  const lines = print?.(fact.value, words) ?? [];
  if (name === 'tools') return wrap(lines);
  return lines.length === 0 ? [paint.dim('–')] : lines.map((line) => plain(line));
}

/** Mounts that the kernel makes up are no storage. */
function isStorage({ mount }: { mount: string }): boolean {
  return !/^\/(sys|dev|run|proc)(\/|$)/.test(mount);
}

function free(total: number, available: number, words: Words): string {
  return words.say('cli.probe.free', { total: words.bytes(total), free: words.bytes(available) });
}

function portLine({ netdev, rdma, up, speedMbps }: CxPort, words: Words): string {
  const speed = speedMbps === null ? '' : ` ${words.number(speedMbps / 1000)} Gb/s`;
  return `${netdev}${rdma === null ? '' : ` (${rdma})`} ${words.say(up ? 'cli.probe.up' : 'cli.probe.down')}${speed}`;
}

/** Many short words, some to a line. */
function wrap(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words.map(plain)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 40) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
