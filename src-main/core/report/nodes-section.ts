import type { Pair } from '../engine/playbook';
import { joined, literal, type Block, type Cell } from './document';
import type { Report, ReportNode, ReportPort, Told } from './shape';
import type { Speech } from './speech';

/** The node information template for both nodes, and what belongs to it: ports, links, netplan files. */
export function nodesSection(report: Report, words: Speech): Block[] {
  const say = (key: string, params = {}) => words.say(`report.doc.${key}`, params);
  const { nodes } = report;
  const row = (key: string, value: (node: ReportNode, place: 0 | 1) => Cell) => ({
    label: say(`node.${key}`),
    values: [value(nodes[0], 0), value(nodes[1], 1)] as Pair<Cell>,
  });
  const told = <T>(value: Told<T>, show: (value: T) => Cell): Cell =>
    value.known ? show(value.value) : unknown(value.reason, words);
  const none = say('none');
  const yes = (value: boolean | null) => say(value === null ? 'unclear' : value ? 'yes' : 'no');
  const list = (values: readonly Cell[]): Cell => (values.length === 0 ? none : joined(values));

  return [
    { kind: 'heading', level: 2, text: say('nodes') },
    {
      kind: 'nodes',
      label: say('node'),
      names: [literal(nodes[0].name), literal(nodes[1].name)],
      rows: [
        row('hostname', ({ hostname }) => told(hostname, literal)),
        row('address', (node) => list(managementOf(node).map(literal))),
        row('gpus', ({ gpus }) => told(gpus, (all) => list(all.map(literal)))),
        row('network', (node) => told(node.ports, (ports) => networkOf(ports, words))),
        row('os', ({ os }) => told(os, literal)),
        row('cuda', ({ cuda }) => told(cuda, literal)),
        row('role', (_, place) => say(place === 0 ? 'role.first' : 'role.second')),
        row('model', ({ model }) => told(model, literal)),
        row('release', ({ release }) => told(release, literal)),
        row('kernel', ({ kernel }) => told(kernel, literal)),
        row('driver', ({ driver }) => told(driver, (text) => (text === '' ? none : literal(text)))),
        row('firmware', ({ firmware }) => told(firmware, literal)),
        row('memory', ({ memoryBytes }) => told(memoryBytes, (bytes) => words.bytes(bytes))),
        row('disks', ({ disks }) =>
          told(disks, (all) =>
            list(
              all.map((disk) => [
                literal(disk.mount),
                ` ${say('free', { total: words.bytes(disk.sizeBytes), free: words.bytes(disk.availableBytes) })}`,
              ]),
            ),
          ),
        ),
        row('uptime', ({ uptimeSeconds }) => told(uptimeSeconds, (time) => words.duration(time * 1000))),
        row('docker', ({ docker }) =>
          told(docker, (path) => (path === null ? say('not-installed') : literal(path))),
        ),
        row('sudo', ({ sudo }) => told(sudo, (state) => say(`sudo.${state}`))),
        row('firewall', ({ firewall }) =>
          told(firewall, ({ active, rules }) => say(active ? 'firewall.on' : 'firewall.off', { rules })),
        ),
        row('netplan', ({ netplan }) =>
          told(netplan, ({ files }) =>
            list(files.filter(({ shadowed }) => !shadowed).map(({ path }) => literal(path))),
          ),
        ),
        row('login', ({ user, ssh }) =>
          list([literal(user), ...(ssh.known && ssh.value.user !== user ? [literal(ssh.value.user)] : [])]),
        ),
        row('host-key', ({ hostKey }) => (hostKey === null ? say('unclear') : literal(hostKey))),
        row('keys', ({ ssh }) =>
          told(ssh, ({ keys }) =>
            list(keys.map(({ type, path, fingerprint }) => literal(`${type} ${path} ${fingerprint}`))),
          ),
        ),
        row('lets-peer-in', ({ ssh }) => told(ssh, ({ letsPeerIn }) => yes(letsPeerIn))),
        row('knows-peer', ({ ssh }) => told(ssh, ({ knowsPeer }) => yes(knowsPeer))),
      ],
    },
    ...portsTable(report, words),
    ...linksTable(report, words),
    ...netplanFiles(report, words),
  ];
}

function portsTable({ nodes }: Report, words: Speech): Block[] {
  const say = (key: string, params = {}) => words.say(`report.doc.${key}`, params);
  const rows = nodes.flatMap(({ name, ports }) =>
    ports.known
      ? ports.value
          .toSorted(byPlace)
          .map((port): Cell[] => [
            literal(name),
            literal(port.netdev),
            port.rdma === null ? '–' : literal(port.rdma),
            place(port.port, port.half, words),
            say(port.up ? 'up' : 'down'),
            port.addresses.length === 0 ? '–' : joined(port.addresses.map(literal)),
            port.mtu === null ? '–' : String(port.mtu),
            port.speedMbps === null ? '–' : `${words.number(port.speedMbps / 1000)} Gb/s`,
            port.pcieWidth === null ? '–' : `x${port.pcieWidth}`,
            port.mac === null ? '–' : literal(port.mac),
          ])
      : [],
  );
  if (rows.length === 0) return [];
  const head = ['node', 'interface', 'rdma', 'place', 'state', 'addresses', 'mtu', 'speed', 'lanes', 'mac'];
  return [
    { kind: 'heading', level: 2, text: say('ports') },
    { kind: 'table', caption: say('ports'), head: head.map((key) => say(`column.${key}`)), rows },
  ];
}

function byPlace(one: ReportPort, other: ReportPort): number {
  const order = ({ port, half }: ReportPort) => `${port ?? 2}${half ?? 'c'}`;
  return order(one) < order(other) ? -1 : 1;
}

function linksTable({ links }: Report, words: Speech): Block[] {
  const say = (key: string) => words.say(`report.doc.${key}`);
  const title: Block = { kind: 'heading', level: 2, text: say('links') };
  if (links.length === 0) return [title, { kind: 'text', text: say('links.none') }];
  const end = (link: Report['links'][number], node: 0 | 1): Cell[] => [
    [literal(link.netdev[node]), ' ', literal(link.address[node])],
    link.mtu[node] === null ? '–' : String(link.mtu[node]),
  ];
  return [
    title,
    {
      kind: 'table',
      caption: say('links'),
      head: ['place', 'first-end', 'first-mtu', 'second-end', 'second-mtu'].map((key) =>
        say(`column.${key}`),
      ),
      rows: links.map((link) => [
        link.port[0] === link.port[1]
          ? place(link.port[0], link.half, words)
          : joined(
              link.port.map((port) => place(port, link.half, words)),
              ' – ',
            ),
        ...end(link, 0),
        ...end(link, 1),
      ]),
    },
  ];
}

function netplanFiles({ nodes }: Report, words: Speech): Block[] {
  const say = (key: string) => words.say(`report.doc.${key}`);
  const blocks = nodes.flatMap(({ name, netplan }): Block[] =>
    netplan.known
      ? netplan.value.files
          .filter(({ fastPorts, problem }) => fastPorts || problem !== null)
          .flatMap(({ path, mode, content, problem, shadowed }): Block[] => [
            ...(problem === null
              ? []
              : [{ kind: 'text' as const, text: [literal(`${name} ${path}`), ': ', literal(problem)] }]),
            ...(content === null
              ? []
              : [
                  {
                    kind: 'code' as const,
                    title: [
                      literal(`${name} ${path} (${mode})`),
                      ...(shadowed ? [` – ${say('netplan.shadowed')}`] : []),
                    ],
                    text: content,
                    folded: false,
                  },
                ]),
          ])
      : [],
  );
  return blocks.length === 0 ? [] : [{ kind: 'heading', level: 2, text: say('netplan') }, ...blocks];
}

function managementOf({ host, addresses }: ReportNode): string[] {
  const known = addresses.known ? addresses.value : [];
  const shown = known
    .filter(
      ({ interface: name, address }) => !/^(docker|br-|veth|lo$)/.test(name) && !/^fe80:/i.test(address),
    )
    .map(({ interface: name, address }) => `${name} ${address}`);
  return shown.length === 0 ? [host] : shown;
}

function networkOf(ports: readonly { up: boolean; speedMbps: number | null }[], words: Speech): Cell {
  const up = ports.filter((port) => port.up);
  const speeds = [...new Set(up.flatMap(({ speedMbps }) => speedMbps ?? []))];
  return words.say('report.doc.network', {
    up: up.length,
    all: ports.length,
    speed: speeds.length === 0 ? '' : speeds.map((speed) => words.number(speed / 1000)).join(', '),
  });
}

function place(port: 0 | 1 | null, half: 'a' | 'b' | null, words: Speech): string {
  return words.say('report.doc.place', { port: port === null ? '' : String(port), half: half ?? '' });
}

function unknown(reason: string, words: Speech): string {
  if (reason === 'not-asked') return words.say('report.doc.not-asked');
  return words.say('report.doc.unknown', { reason: words.say(`cli.unknown.${reason}`) });
}
