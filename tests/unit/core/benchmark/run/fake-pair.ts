import { Failure } from '../../../../../src-main/core/failure';
import type { ExecOptions, ExecRequest, ExecResult, Session } from '../../../../../src-main/core/ports';
import { FakeClock } from '../../../adapters/ssh2/fixtures/laptop';

/** Time that stands still until it is moved. */
export class TestClock extends FakeClock {
  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return signal?.aborted === true ? Promise.reject(new Failure('CANCELLED')) : super.sleep(ms, signal);
  }
}

/** A program that a test started on a node. */
export interface FakeProgram {
  /** Tool and arguments, without what stands before every one of them. */
  readonly command: string;
  print(...lines: string[]): void;
  complain(...lines: string[]): void;
  end(code?: number): void;
}

/** A node that answers as the runner's scripts expect, and whose programs a test plays. */
export class FakeNode implements Session {
  readonly user = 'nvidia';
  readonly hostKey: string;
  readonly #lost = new AbortController();
  readonly lost = this.#lost.signal;
  /** All scripts that ran. */
  readonly scripts: string[] = [];
  /** Files that can be read, by path. */
  readonly files = new Map<string, string>();
  /** Further lines of the first look. */
  prepared: string[] = [];
  /** Further lines of the last one. */
  ended: string[] = [];
  play: (program: FakeProgram) => void = (program) => program.end(127);

  constructor(readonly node: string) {
    this.hostKey = `SHA256:${node}`;
    for (const netdev of ['enp1s0f0np0', 'enP2p1s0f0np0', 'enp1s0f1np1', 'enP2p1s0f1np1']) {
      this.moved(netdev, 0, 0);
      this.files.set(`/sys/class/net/${netdev}/carrier`, '1');
      const device = `/sys/class/infiniband/${netdev.replace('en', 'roce').slice(0, -3)}`;
      this.files.set(`${device}/ports/1/counters/port_xmit_data`, '0');
      this.files.set(`${device}/ports/1/counters/port_rcv_data`, '0');
      this.files.set(`${device}/ports/1/state`, '4: ACTIVE');
      this.files.set(`${device}/fw_ver`, '28.45.4028');
    }
  }

  /** Sets what the network counters of an interface say. */
  moved(netdev: string, sent: number, received: number): void {
    this.files.set(`/sys/class/net/${netdev}/statistics/tx_bytes`, String(sent));
    this.files.set(`/sys/class/net/${netdev}/statistics/rx_bytes`, String(received));
  }

  lose(): void {
    this.#lost.abort(new Failure('CONNECTION_LOST', { reason: 'gone' }));
  }

  exec({ script }: ExecRequest, options: ExecOptions = {}): Promise<ExecResult> {
    this.scripts.push(script);
    if (this.lost.aborted) return Promise.reject(new Failure('CONNECTION_LOST', {}, { node: this.node }));
    const command =
      /^TWINSPARK_BENCH=\S+ exec timeout --foreground -k 2 \d+ (?:env .*)?stdbuf -oL (.*)$/.exec(script)?.[1];
    if (command !== undefined) return this.#run(command, options);
    const more = script.includes('/proc/meminfo')
      ? this.prepared
      : script.includes('marked()')
        ? this.ended
        : [];
    const lines = [...this.files]
      .filter(([path]) => script.includes(path))
      .map(([path, text]) => `${path}:${text}`);
    return Promise.resolve(resultOf(0, `${[...lines, ...more].join('\n')}\n`, ''));
  }

  #run(command: string, { signal, onLine }: ExecOptions): Promise<ExecResult> {
    return new Promise((resolve, reject) => {
      const said = { stdout: '', stderr: '' };
      const say =
        (stream: 'stdout' | 'stderr') =>
        (...lines: string[]) => {
          for (const line of lines) {
            said[stream] += `${line}\n`;
            onLine?.(stream, line);
          }
        };
      const stop = AbortSignal.any([this.lost, ...(signal ? [signal] : [])]);
      stop.addEventListener('abort', () => {
        reject(
          this.lost.aborted
            ? new Failure('CONNECTION_LOST', {}, { node: this.node })
            : new Failure('CANCELLED'),
        );
      });
      this.play({
        command,
        print: say('stdout'),
        complain: say('stderr'),
        end: (code = 0) => resolve(resultOf(code, said.stdout, said.stderr)),
      });
    });
  }

  openTerminal(): Promise<never> {
    return Promise.reject(new Failure('TERMINAL_UNAVAILABLE', { reason: 'a double' }));
  }

  proveReachable(): Promise<void> {
    return Promise.resolve();
  }

  reconnect(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function resultOf(code: number, stdout: string, stderr: string): ExecResult {
  return { code, signal: null, stdout, stderr, durationMs: 0 };
}

/** What iperf3's client prints for four streams at this rate, Gb/s. */
export function iperfLines(gbps: number): string[] {
  const row = (id: string, from: number, to: number, rate: number, end: string) =>
    `[${id}]   ${from}.00-${to}.00   sec  10.0 GBytes  ${rate.toFixed(1)} Gbits/sec    0  ${end}`;
  return [
    'Connecting to host 192.168.100.11, port 28510',
    ...['  5', '  7', '  9', ' 11'].map(
      (id) => `[${id}] local 192.168.100.10 port 50519 connected to 192.168.100.11 port 28510`,
    ),
    '[ ID] Interval           Transfer     Bitrate         Retr  Cwnd',
    row('SUM', 0, 1, gbps, ''),
    '- - - - - - - - - - - - - - - - - - - - - - - - -',
    '[ ID] Interval           Transfer     Bitrate         Retr',
    row('SUM', 0, 1, gbps, '           sender'),
    row('SUM', 0, 1, gbps, '           receiver'),
    '',
    'iperf Done.',
  ];
}
