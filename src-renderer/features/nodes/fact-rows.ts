import type { CxPort, Fact, NodeFacts } from '../../api/types';
import { plain } from '../../api/words';
import type { WordsState } from '../../state/words.svelte';

/** One fact of one node, ready to be shown. */
export type Cell =
  | { readonly state: 'known'; readonly lines: readonly string[]; readonly source: string }
  | { readonly state: 'unknown'; readonly why: string; readonly detail: string; readonly source: string };

export interface Row {
  /** Its label is `window.nodes.fact.ID`. */
  readonly id: string;
  /** Of node 1 and node 2; null while it has not been read. */
  readonly cells: readonly [Cell | null, Cell | null];
  /** Both are known, should be equal, and are not. */
  readonly differs: boolean;
}

type Show = (facts: NodeFacts, words: WordsState) => Cell;

function show<T>(
  fact: (facts: NodeFacts) => Fact<T>,
  lines: (value: T, words: WordsState) => readonly string[],
): Show {
  return (facts, words) => {
    const read = fact(facts);
    const source = plain(read.source);
    if (!read.known) {
      return {
        state: 'unknown',
        why: words.say(`window.nodes.unknown.${read.reason}`),
        detail: plain(read.detail),
        source,
      };
    }
    return { state: 'known', lines: lines(read.value, words).map(plain), source };
  };
}

const rows: readonly { readonly id: string; readonly equal?: true; readonly show: Show }[] = [
  {
    id: 'release',
    equal: true,
    show: show(
      (of) => of.release,
      ({ name, version }) => [`${name} ${version}`],
    ),
  },
  {
    id: 'os',
    equal: true,
    show: show(
      (of) => of.os,
      ({ name, version }) => [name === '' ? version : name],
    ),
  },
  {
    id: 'kernel',
    equal: true,
    show: show(
      (of) => of.kernel,
      ({ release }) => [release],
    ),
  },
  {
    id: 'gpu',
    equal: true,
    show: show(
      (of) => of.gpus,
      (gpus) => gpus.map(({ name }) => name),
    ),
  },
  {
    id: 'driver',
    equal: true,
    show: show(
      (of) => of.gpus,
      (gpus) => [...new Set(gpus.map(({ driver }) => driver ?? '–'))],
    ),
  },
  {
    id: 'memory',
    show: show(
      (of) => of.memory,
      ({ totalBytes, availableBytes }, words) => [freeOf(availableBytes, totalBytes, words)],
    ),
  },
  {
    id: 'disk',
    show: show(
      (of) => of.disks,
      (disks, words) =>
        disks
          .filter(({ mount }) => !/^\/(sys|dev|run|proc|boot)(\/|$)/.test(mount))
          .map(({ mount, sizeBytes, availableBytes }) => {
            const free = freeOf(availableBytes, sizeBytes, words);
            return mount === '/' ? free : `${mount}: ${free}`;
          }),
    ),
  },
  {
    id: 'port0',
    show: show(
      (of) => of.ports,
      (ports, words) => portLines(ports, 0, words),
    ),
  },
  {
    id: 'port1',
    show: show(
      (of) => of.ports,
      (ports, words) => portLines(ports, 1, words),
    ),
  },
  {
    id: 'uptime',
    show: show(
      (of) => of.uptimeSeconds,
      (seconds, words) => [words.duration(seconds * 1000)],
    ),
  },
  {
    id: 'account',
    show: show(
      (of) => of.account,
      ({ name }) => [name],
    ),
  },
  {
    id: 'sudo',
    show: show(
      (of) => of.sudo,
      (sudo, words) => [words.say(`window.nodes.sudo.${sudo}`)],
    ),
  },
];

/** What the table of both nodes shows, row by row. */
export function factRows(
  node1: NodeFacts | null,
  node2: NodeFacts | null,
  words: WordsState,
): readonly Row[] {
  return rows.map(({ id, equal, show: cell }) => {
    const cells = [node1 && cell(node1, words), node2 && cell(node2, words)] as const;
    const [one, two] = cells;
    const differs =
      equal === true &&
      one?.state === 'known' &&
      two?.state === 'known' &&
      one.lines.join('\n') !== two.lines.join('\n');
    return { id, cells, differs };
  });
}

function freeOf(available: number, total: number, words: WordsState): string {
  return words.say('window.nodes.free', { free: words.bytes(available), total: words.bytes(total) });
}

/** Both halves of a QSFP port in one line: "half A up, 200 Gb/s · half B down". */
function portLines(ports: readonly CxPort[], number: 0 | 1, words: WordsState): string[] {
  const halves = ports.filter(({ port }) => port === number).sort((x, y) => (x.netdev < y.netdev ? 1 : -1));
  if (halves.length === 0) return [words.say('window.nodes.port.none')];
  return halves.map(({ half, up, speedMbps, netdev }) => {
    const state =
      up && speedMbps !== null
        ? words.say('window.nodes.port.speed', { speed: words.number(speedMbps / 1000) })
        : words.say(up ? 'window.nodes.port.up' : 'window.nodes.port.down');
    return words.say('window.nodes.port.half', { half: half ?? '', netdev, state });
  });
}
