import type { IperfOptions } from './iperf3-options';
import { sum, type Interval, type Lane, type Streamed } from './iperf3-test';

export type Side = 'client' | 'server';

const rule = '- - - - - - - - - - - - - - - - - - - - - - - - -\n';

/** The text of one side of a test, line by line as iperf3 3.16 prints it. */
export class IperfText {
  #intervals = 0;

  constructor(
    private readonly given: IperfOptions,
    private readonly side: Side,
  ) {}

  /** Descriptor of a stream, which is its name. */
  id(index: number): number {
    return this.side === 'client' ? 5 + 2 * index : index === 0 ? 5 : 6 + 2 * index;
  }

  heading(): string {
    return `${this.#title()}         ${this.#sends() ? 'Retr  Cwnd' : ''}`.trimEnd() + '\n';
  }

  interval({ from, to, lanes }: Interval): string {
    const between = this.#intervals++ > 0 && this.#several() ? rule : '';
    const time = times(from, to);
    const seconds = to - from;
    const rows = lanes.map((lane, at) => {
      const sender = this.#isSender(lane);
      const row = (id: string, one: Streamed, window: string) =>
        `${id}${this.#role(lane)} ${time}${this.#figures(one, seconds)}  ${
          sender ? `${String(one.retransmits).padStart(3)}   ${window}` : '                '
        }\n`;
      const each = lane.streams.map((one, n) =>
        row(`[${String(this.id(at * this.given.streams + n)).padStart(3)}]`, one, '1.62 MBytes       '),
      );
      const whole = lane.streams.length > 1 ? row('[SUM]', sum(lane.streams), '          ') : '';
      return each.join('') + whole;
    });
    return between + rows.join('');
  }

  summary({ to, lanes }: Interval): string {
    const both = this.side === 'client';
    const head = `${this.#title()}${both || this.#sends() ? '         Retr' : ''}\n`;
    const rows = lanes.map((lane, at) => {
      const row = (id: string, one: Streamed, who: 'sender' | 'receiver') => {
        const retr =
          who === 'sender' ? `${String(one.retransmits).padStart(3)}             ` : '                ';
        return `${id}${this.#role(lane)} ${times(0, to)}${this.#figures(one, to)}  ${retr}${who}\n`;
      };
      const ends = (id: string, one: Streamed) =>
        (both || this.#isSender(lane) ? row(id, one, 'sender') : '') +
        (both || !this.#isSender(lane) ? row(id, one, 'receiver') : '');
      const each = lane.streams.map((one, n) =>
        ends(`[${String(this.id(at * this.given.streams + n)).padStart(3)}]`, one),
      );
      return each.join('') + (lane.streams.length > 1 ? ends('[SUM]', sum(lane.streams)) : '');
    });
    return rule + head + rows.join('');
  }

  #several(): boolean {
    return this.given.streams * this.given.ways.length > 1;
  }

  #title(): string {
    return `[ ID]${this.given.ways.length > 1 ? '[Role]' : ''} Interval           Transfer     Bitrate`;
  }

  #sends(): boolean {
    return this.given.ways.some((way) => (way === 'forward') === (this.side === 'client'));
  }

  #isSender({ way }: Lane): boolean {
    return (way === 'forward') === (this.side === 'client');
  }

  #role(lane: Lane): string {
    if (this.given.ways.length < 2) return '';
    return `[${this.#isSender(lane) ? 'TX' : 'RX'}-${this.side === 'client' ? 'C' : 'S'}]`;
  }

  #figures({ bytes }: Streamed, seconds: number): string {
    const rate = seconds > 0 ? (bytes * 8) / seconds : 0;
    return `  ${amount(bytes, 1024)}Bytes  ${this.#rate(rate)}/sec`;
  }

  #rate(bitsPerSecond: number): string {
    const { unit } = this.given;
    if (unit?.length !== 1 || !'kmgtKMGT'.includes(unit)) return `${amount(bitsPerSecond, 1000)}bits`;
    const power = 'kmgt'.indexOf(unit.toLowerCase()) + 1;
    const bits = unit === unit.toLowerCase();
    const value = bits ? bitsPerSecond / 1000 ** power : bitsPerSecond / 8 / 1024 ** power;
    return `${figure(value)} ${unit.toUpperCase()}${bits ? 'bits' : 'Bytes'}`;
  }
}

function times(from: number, to: number): string {
  return `${from.toFixed(2).padStart(6)}-${to.toFixed(2).padEnd(6)} sec`;
}

/** Four places, as iperf3's unit_snprintf makes them. */
function figure(value: number): string {
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return value.toFixed(digits).padStart(4);
}

function amount(value: number, step: 1000 | 1024): string {
  const units = ['', 'K', 'M', 'G', 'T'];
  let power = 0;
  let left = value;
  while (left >= step && power < units.length - 1) [left, power] = [left / step, power + 1];
  return `${figure(left)} ${units[power] ?? ''}`;
}
