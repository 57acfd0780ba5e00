import { label } from '../../probe/parsed';
import { decimal, decimals, whole } from '../units';
import { benchParser } from './tool';

const HEAD = { id: 'main', axis: 'sequence' } as const;
const NUMBER = '(\\d[\\d.,]{0,20})';
const REPLY = new RegExp(`icmp_seq=(\\d{1,9}) .{0,40}\\btime[=<]${NUMBER} ?ms(?: |$)`);
const COUNTS =
  /^(\d{1,9}) packets transmitted, (\d{1,9}) (?:packets )?received,.{0,80}? (\d[\d.,]{0,12})% packet loss/;
const TIMES = new RegExp(
  `^(?:rtt|round-trip) min/avg/max(?:/mdev|/stddev)? = ${NUMBER}/${NUMBER}/${NUMBER}(?:/${NUMBER})? ms(?:,|$)`,
);
/** What ping says instead of measuring. */
const FAILED =
  /^ping6?: .{0,200}$|(?:Name or service not known|Temporary failure in name resolution|Network is unreachable)$/;

/** `ping` of iputils, plain, quiet (`-q`), flood (`-f`) or with times (`-D`), and of BusyBox. Round trips become microseconds. */
export const ping = benchParser('ping', (draft) => ({
  line: (line) => {
    const { parameters, summary } = draft;
    const target = /^PING (\S{1,253}?) ?\(.{1,80}?\).{0,40} \d{1,6}(?:\(\d{1,6}\))? (?:data )?bytes/.exec(
      line,
    )?.[1];
    if (target !== undefined) {
      draft.recognised = true;
      parameters.peer = label(target, 253);
      parameters.transport = 'icmp';
      return;
    }
    const reply = REPLY.exec(line);
    if (reply !== null) {
      const ms = decimal(reply[2] ?? '');
      const x = Number(reply[1]);
      // A reply that came twice says so (unless that is cut off); the first one counts.
      if (ms === null || line.endsWith('(DUP!)') || draft.series('main')?.points.at(-1)?.x === x) return;
      draft.add(HEAD, { x, latency: { averageUs: micro(ms) } });
      return;
    }
    const counts = COUNTS.exec(line);
    if (counts !== null) {
      const sent = whole(counts[1] ?? '');
      const received = whole(counts[2] ?? '');
      if (sent === null || received === null || sent === 0) return;
      draft.recognised = true;
      draft.status = 'done';
      summary.packets = { sent, received };
      return;
    }
    const times = TIMES.exec(line);
    if (times !== null) {
      const printed = decimals([...times.slice(1, 4), ...(times[4] === undefined ? [] : [times[4]])]);
      const [min = 0, average = 0, max = 0, deviation] = printed ?? [];
      if (printed === null || min > max) return;
      draft.recognised = true;
      summary.latency = {
        minUs: micro(min),
        averageUs: micro(average),
        maxUs: micro(max),
        ...(deviation === undefined ? {} : { stdevUs: micro(deviation) }),
      };
      return;
    }
    if (FAILED.test(line) && draft.points === 0 && summary.packets === undefined) draft.fail(line);
  },
}));

/** Milliseconds as microseconds, without the noise of binary fractions. */
function micro(ms: number): number {
  return Math.round(ms * 1e6) / 1e3;
}
