import type { BenchPart } from '../../../contract/bench-record';
import { Failure, toFailure } from '../../failure';
import type { Clock, ExecResult } from '../../ports';
import { printable } from '../../probe/parsed';
import type { BenchReader } from '../parse/tool';
import { benchParsers } from '../parse/tools';
import type { Connection, Placed } from '../tools/tool';
import { causesOf } from './failure-causes';

/** How long a server may take until it listens, ms: UCX looks at every device before that. */
const READY_MS = 10_000;
/** A client that came too early comes again, so often and after so long. */
const TRIES = 6;
const AGAIN_MS = 250;
/** After its server has failed, a client gets so long to say in its own words what it met, ms. */
const LAST_WORDS_MS = 2_000;
/** After its client is done, a server gets so long to end by itself, ms. */
const FAREWELL_MS = 1_000;
/** `timeout`'s exit status when it had to end its program. */
const TIME_OVER = 124;
const EVIDENCE_LINES = 15;

/** What a connection needs of the test that it is part of. */
export interface ConnectionTools {
  readonly clock: Clock;
  readonly names: readonly [string, string];
  /** Aborted when the test stops, for whatever reason. */
  readonly signal: AbortSignal;
  exec(placed: Placed, onLine: (line: string) => void): Promise<ExecResult>;
  /** New points were read. */
  changed(): void;
}

/** One server and its client, from the start to the result. */
export class ConnectionRun {
  readonly #said: string[] = [];
  #server: Promise<ExecResult> | undefined;
  #reader: BenchReader;
  #result: BenchPart['result'] | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly tools: ConnectionTools,
  ) {
    this.#reader = this.#read();
  }

  /** What was measured so far. */
  part(): BenchPart {
    return { halves: this.connection.halves, result: this.#result ?? this.#reader.soFar() };
  }

  /** Starts the server and waits until it listens. @throws Failure BENCH_SERVER_SILENT, BENCH_TOOL_FAILED, and of the connection */
  async serve(): Promise<void> {
    const { server, tool } = this.connection;
    if (server === undefined) return;
    const { clock, names, signal } = this.tools;
    const over = new AbortController();
    const running = new Promise<void>((ready, failed) => {
      this.#server = this.tools.exec(server, (line) => {
        this.#note(line);
        if (server.ready.test(line.trim())) ready();
      });
      this.#server.then(
        (result) => failed(this.#toolFailed(server, result)),
        (error: unknown) => failed(toFailure(error)),
      );
      clock.sleep(READY_MS, AbortSignal.any([signal, over.signal])).then(
        () =>
          failed(
            new Failure('BENCH_SERVER_SILENT', { tool }, { node: names[server.node], ...this.#evidence() }),
          ),
        () => undefined,
      );
    });
    try {
      await running;
    } finally {
      over.abort();
    }
  }

  /** Runs the client to its end. @throws Failure BENCH_TOOL_FAILED, COMMAND_TIMEOUT, and of the connection */
  async ask(): Promise<void> {
    const { client } = this.connection;
    const { clock, signal } = this.tools;
    for (let tries = 1; ; tries++) {
      this.#reader = this.#read();
      const asking = this.tools.exec(client, (line) => {
        this.#note(line);
        if (this.#reader.line(line).length > 0) this.tools.changed();
      });
      const result = await Promise.race([asking, this.#serverFailed()]);
      const read = this.#reader.end();
      if (read.known) this.#result = read.value;
      // Some tools end with a status of their own although they measured: ping where nothing came back.
      if (read.known && read.value.status === 'done') return;
      const { refused } = client;
      const early = refused !== undefined && linesOf(result).some((line) => refused.test(line));
      if (!early || tries >= TRIES) throw this.#toolFailed(client, result);
      this.#result = undefined;
      await clock.sleep(AGAIN_MS, signal);
    }
  }

  /** Nothing more comes: what a stopped client has measured is read to its end. */
  close(): void {
    if (this.#result !== undefined) return;
    const read = this.#reader.end();
    if (read.known) this.#result = read.value;
  }

  /** Lets the server end by itself, for a moment. */
  async farewell(): Promise<void> {
    const over = new AbortController();
    const late = this.tools.clock.sleep(FAREWELL_MS, over.signal).catch(() => undefined);
    await Promise.race([this.#server?.catch(() => undefined), late]);
    over.abort();
  }

  /** The server's end, when it is one that its client cannot survive. Never resolves. */
  #serverFailed(): Promise<never> {
    return new Promise((_resolve, failed) => {
      const { server } = this.connection;
      if (server === undefined) return;
      this.#server?.then(
        (result) => {
          if (result.code === 0) return;
          const { clock, signal } = this.tools;
          clock.sleep(LAST_WORDS_MS, signal).then(
            () => failed(this.#toolFailed(server, result)),
            () => undefined,
          );
        },
        (error: unknown) => failed(toFailure(error)),
      );
    });
  }

  #read(): BenchReader {
    const { tool, head } = this.connection;
    const parser = benchParsers.get(tool);
    if (parser === undefined) throw new Failure('INTERNAL', {}, { evidence: `no reader for ${tool}` });
    const reader = parser.reader();
    if (head !== undefined) reader.line(head);
    return reader;
  }

  #note(line: string): void {
    if (line.trim() === '') return;
    this.#said.push(line.slice(0, 1000));
    if (this.#said.length > EVIDENCE_LINES * 4) this.#said.splice(0, EVIDENCE_LINES);
  }

  #evidence(): { evidence?: string } {
    const text = this.#said.slice(-EVIDENCE_LINES).join('\n');
    return text === '' ? {} : { evidence: text };
  }

  #toolFailed({ node, program }: Placed, { code, signal, stderr, stdout }: ExecResult): Failure {
    const causes = causesOf(this.#said.join('\n'));
    const rest = {
      node: this.tools.names[node],
      ...this.#evidence(),
      ...(causes.length > 0 ? { causes } : {}),
    };
    if (code === TIME_OVER)
      return new Failure('COMMAND_TIMEOUT', { timeoutMs: program.limitSeconds * 1000 }, rest);
    const last = [stderr, stdout]
      .map((text) => text.trim().split('\n').at(-1) ?? '')
      .find((line) => line !== '');
    const detail = this.#result?.error ?? last ?? (code === null ? (signal ?? '') : `exit ${code}`);
    return new Failure(
      'BENCH_TOOL_FAILED',
      { tool: this.connection.tool, detail: printable(detail, 300) },
      rest,
    );
  }
}

function linesOf({ stdout, stderr }: ExecResult): string[] {
  return `${stdout}\n${stderr}`.split('\n');
}
