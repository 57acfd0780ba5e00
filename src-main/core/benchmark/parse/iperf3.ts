import { label } from '../../probe/parsed';
import type { BenchSeries } from '../../../contract/benchmark';
import { bandwidth, decimal, isBandwidthUnit, whole } from '../units';
import type { Draft } from './draft';
import { IperfJson } from './iperf3-json';
import { benchParser, type LineReader } from './tool';

/** iperf3, client or server, its text and its JSON (`-J`, also on one line, and `--json-stream`). */
export const iperf3 = benchParser('iperf3', reading);

const NUMBER = '(\\d[\\d.,]{0,20})';
const ROW = new RegExp(
  `\\[ *(\\d{1,5}|SUM)\\](?:\\[([TR])X-([CS])\\])? +${NUMBER}-${NUMBER} +sec +${NUMBER} +[KMGT]?Bytes +${NUMBER} +([KMGT]?(?:bits|Bytes)/sec)(?: +(.{0,120}))?$`,
);
/** How people quote a run. */
const QUOTED = new RegExp(`^${NUMBER} ([KMGT]?bits/sec) with (\\d{1,12}) (?:retries|retransmits)\\b`);

type Direction = 'forward' | 'reverse';

function reading(draft: Draft): LineReader {
  const text = new IperfText(draft);
  let json: IperfJson | null = null;
  return {
    longLines: true,
    line: (line, ended) => {
      if (json === null && draft.points === 0 && /^\s*\{/.test(line)) json = new IperfJson(draft);
      if (json === null) text.line(line.slice(0, 4096), ended);
      else json.line(line);
    },
    end: () => {
      if (json === null) text.end();
      else json.end();
    },
  };
}

class IperfText {
  #connections = 0;
  #reversed = false;
  #over = false;
  /** The summary is that of all streams. */
  #summed = false;
  /** Streams by direction, where the head of the output did not say how many. */
  readonly #seen = new Map<Direction, Set<string>>();

  constructor(private readonly draft: Draft) {}

  line(line: string, ended: boolean): void {
    const { draft } = this;
    const { parameters } = draft;
    if (/^(?:Connecting to host |Accepted connection from )/.test(line)) {
      if (draft.points > 0) {
        this.#over = true;
        draft.warn('bench.warning.several');
      }
      draft.recognised = true;
      if (draft.status === 'waiting') draft.status = 'running';
      const peer = /^(?:Connecting to host|Accepted connection from) (\S{1,253}), port \d/.exec(line)?.[1];
      parameters.peer ??= peer === undefined ? null : label(peer, 253);
      return;
    }
    if (this.#over) return;
    if (/^Server listening on \d/.test(line)) {
      draft.recognised = true;
      if (draft.points === 0) draft.status = 'waiting';
      return;
    }
    if (/^\[ *\d{1,5}\] local \S{1,80} port \d{1,5} connected to /.test(line)) {
      this.#connections++;
      draft.recognised = true;
      return;
    }
    if (line.startsWith('Reverse mode, remote host ')) {
      this.#reversed = true;
      parameters.direction = 'reverse';
      return;
    }
    if (/^iperf3?: (?:error - |interrupt - )/.test(line)) {
      draft.fail(line.replace(/^iperf3?: (?:error - )?/, ''));
      return;
    }
    if (/^\[ *ID\].* Interval /.test(line)) {
      draft.recognised = true;
      parameters.transport = line.includes('Datagrams') ? 'udp' : 'tcp';
      return;
    }
    if (line === 'iperf Done.') {
      draft.recognised = true;
      if (draft.status !== 'failed') draft.status = 'done';
      return;
    }
    const quoted = QUOTED.exec(line);
    if (quoted !== null) this.#quote(quoted);
    else if (line.includes('bits/sec') || line.includes('Bytes/sec')) this.#row(line, ended);
  }

  end(): void {
    const { draft } = this;
    const { parameters, summary } = draft;
    for (const [direction, streams] of this.#seen) {
      const [only] = streams;
      if (streams.size === 1 && only !== undefined)
        draft.rename(`stream ${only}`, this.#head(direction, null));
      // The whole of several streams was cut off: the last stream is not it.
      else if (!this.#summed) {
        delete summary.bandwidth;
        delete summary.sentBandwidth;
        delete summary.reverseBandwidth;
        delete summary.retransmits;
      }
      parameters.streams ??= streams.size;
    }
    if (summary.bandwidth !== undefined && draft.status === 'running') draft.status = 'done';
  }

  #quote([, figure = '', unit = '', retries = '']: RegExpExecArray): void {
    const value = decimal(figure);
    if (value === null || !isBandwidthUnit(unit)) return;
    this.draft.recognised = true;
    this.draft.summary.bandwidth = bandwidth(value, unit);
    this.draft.summary.retransmits = Number(retries);
  }

  #row(line: string, ended: boolean): void {
    const { draft } = this;
    const { parameters } = draft;
    const [, id = '', role, side, from = '', to = '', , rate = '', unit = '', rest = ''] =
      ROW.exec(line) ?? [];
    const [start, end, value] = [decimal(from), decimal(to), decimal(rate)];
    if (start === null || end === null || value === null || !isBandwidthUnit(unit) || end < start) {
      if (id !== '' || line.includes(' sec ')) draft.warn('bench.warning.damaged');
      return;
    }
    if (rest.includes('(omitted)')) return;
    const both = role !== undefined;
    // The client's sending is the forward direction, also as the server sees it.
    const direction: Direction = both
      ? (role === 'T') === (side === 'C')
        ? 'forward'
        : 'reverse'
      : this.#reversed
        ? 'reverse'
        : 'forward';
    parameters.direction = both ? 'both' : direction;
    parameters.transport ??= 'tcp';
    parameters.operation = parameters.transport;
    const streams = both ? Math.ceil(this.#connections / 2) : this.#connections;
    if (streams > 0) parameters.streams = streams;
    const retransmits = whole(/^(\d{1,12})(?= |$)/.exec(rest)?.[1] ?? '');
    const known = retransmits !== null && (ended || /\s\S/.test(rest)) && parameters.transport === 'tcp';
    const figures = { bandwidth: bandwidth(value, unit), ...(known ? { retransmits } : {}) };
    const total = /\b(sender|receiver)$/.exec(rest)?.[1];
    if (total !== undefined) {
      this.#total(id, streams, direction, total === 'sender', { ...figures, seconds: end - start });
      return;
    }
    const stream = id === 'SUM' || streams === 1 ? null : id;
    if (stream !== null && streams === 0) this.#note(direction, id);
    const head = this.#head(both ? direction : undefined, stream);
    const before = draft.series(head.id)?.points.at(-1)?.x ?? 0;
    // Intervals follow each other: one that begins again is the summary, cut or damaged.
    if (start < before - 0.5 || (!ended && rest === '' && draft.points > 0 && start === 0)) {
      draft.warn('bench.warning.damaged');
      return;
    }
    const seconds = Math.round((end - start) * 1e6) / 1e6;
    draft.add(head, { x: end, seconds, ...figures });
  }

  #note(direction: Direction, id: string): void {
    const streams = this.#seen.get(direction) ?? new Set<string>();
    this.#seen.set(direction, streams);
    if (streams.size < 256) streams.add(id);
  }

  #head(direction: Direction | undefined, stream: string | null): Omit<BenchSeries, 'points'> {
    const way = this.draft.parameters.direction === 'both' ? direction : undefined;
    const id = `${stream === null ? 'main' : `stream ${stream}`}${way === 'reverse' ? ' reverse' : ''}`;
    return {
      id,
      axis: 'time',
      ...(stream === null ? {} : { stream }),
      ...(way === undefined ? {} : { direction: way }),
    };
  }

  /** A line of the end: what one side says of one stream or of all. */
  #total(
    id: string,
    streams: number,
    direction: Direction,
    sender: boolean,
    { seconds, bandwidth: rate, retransmits }: Figures,
  ): void {
    const { summary } = this.draft;
    this.draft.recognised = true;
    const whole = id === 'SUM' || (streams <= 1 && !this.#summed);
    if (!whole) return;
    if (id === 'SUM') this.#summed = true;
    const back = direction === 'reverse' && this.draft.parameters.direction === 'both';
    if (sender) {
      if (back) return;
      summary.sentBandwidth = rate;
      if (retransmits !== undefined) summary.retransmits = retransmits;
    } else if (back) summary.reverseBandwidth = rate;
    else {
      summary.bandwidth = rate;
      summary.seconds = Math.round(seconds * 1e6) / 1e6;
    }
  }
}

interface Figures {
  readonly seconds: number;
  readonly bandwidth: ReturnType<typeof bandwidth>;
  readonly retransmits?: number;
}
