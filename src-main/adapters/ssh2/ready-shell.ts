import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { Failure } from '../../core/failure';
import type { StreamName } from './output';
import { bootstrap } from './shell-text';
import type { Exit } from './supervise';
import { capped } from './wire';

/** Takes what a shell prints. A promise means: no more until it is settled. */
export type Sink = (stream: StreamName, chunk: Buffer) => Promise<void> | undefined;

/** The server would not open a channel: MaxSessions is reached, or sessions are not allowed. */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';
}

const noiseLimit = 64 * 1024;

/** A /bin/sh on the node, on a channel of its own, that waits for one line to run. */
export class ReadyShell {
  /** Ends with the command: its status, or null and null when the channel was closed without one. */
  readonly exit: Promise<Exit>;
  #closed = false;
  #sink: Sink | undefined;

  private constructor(
    private readonly channel: ClientChannel,
    /** Process group that the shell leads; every process of the command belongs to it unless it leaves by itself. */
    readonly group: number,
    rest: Record<StreamName, Buffer>,
  ) {
    let exit: Exit = { code: null, signal: null };
    this.exit = new Promise((resolve) => {
      let open = 2;
      const closed = () => {
        if (--open > 0) return;
        this.#closed = true;
        resolve(exit);
      };
      channel.on('exit', (code: number | null, signal?: string) => {
        // OpenSSH leaves the `SIG` of a signal's name out; ssh2 puts it back.
        exit = { code, signal: signal ?? null };
      });
      channel.once('close', closed);
      channel.stderr.once('close', closed);
    });
    channel.on('data', (chunk: Buffer) => this.#take('stdout', chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.#take('stderr', chunk));
    this.#rest = rest;
  }

  #rest: Record<StreamName, Buffer>;

  /**
   * Opens one and waits for its hello; what the person's start-up files printed before it is dropped.
   * @throws ChannelRefused, Failure SHELL_UNUSABLE (evidence: what the account printed instead)
   */
  static open(client: Client): Promise<ReadyShell> {
    const nonce = randomBytes(16).toString('hex');
    return new Promise((resolve, reject) => {
      const opened = (error: Error | undefined, channel: ClientChannel) => {
        if (error === undefined) ReadyShell.#greet(channel, nonce, resolve, reject);
        else if ('reason' in error) reject(new ChannelRefused(error.message));
        else reject(unusable(error.message));
      };
      try {
        client.exec(bootstrap(nonce), opened);
      } catch (error) {
        // ssh2 throws when the socket is already gone.
        reject(new Failure('CONNECTION_LOST', {}, { cause: error }));
      }
    });
  }

  static #greet(
    channel: ClientChannel,
    nonce: string,
    resolve: (shell: ReadyShell) => void,
    reject: (error: Error) => void,
  ): void {
    const seen = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
    const noise = () => capped(`${seen.stdout.toString('utf8')}${seen.stderr.toString('utf8')}`);
    const take = (stream: StreamName) => (chunk: Buffer) => {
      seen[stream] = Buffer.concat([seen[stream], chunk]);
      const out = after(seen.stdout, nonce);
      const err = after(seen.stderr, nonce);
      if (out === undefined || err === undefined) {
        // Only the end can hold the hello.
        if (seen[stream].length > noiseLimit)
          seen[stream] = Buffer.from(seen[stream].subarray(-noiseLimit / 2));
        return;
      }
      stop();
      resolve(new ReadyShell(channel, Number(out.line), { stdout: out.rest, stderr: err.rest }));
    };
    const onStdout = take('stdout');
    const onStderr = take('stderr');
    const onClose = () => reject(unusable(noise()));
    const stop = () => {
      channel.off('data', onStdout).off('close', onClose);
      channel.stderr.off('data', onStderr);
    };
    channel.on('data', onStdout).once('close', onClose);
    channel.stderr.on('data', onStderr);
    channel.on('error', () => undefined);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Where everything printed from now on goes. */
  pipeTo(sink: Sink): void {
    this.#sink = sink;
    const { stdout, stderr } = this.#rest;
    this.#rest = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
    if (stdout.length > 0) this.#take('stdout', stdout);
    if (stderr.length > 0) this.#take('stderr', stderr);
  }

  write(text: string): void {
    if (this.channel.writable) this.channel.write(text);
  }

  /** Gives the channel up without waiting for the other side: the shell sees the end of its input. */
  close(): void {
    this.channel.resume();
    this.channel.stderr.resume();
    this.channel.end();
    this.channel.close();
  }

  #take(stream: StreamName, chunk: Buffer): void {
    const busy = this.#sink?.(stream, chunk);
    if (busy === undefined) return;
    const source = stream === 'stdout' ? this.channel : this.channel.stderr;
    // ssh2 stops widening the SSH window of a paused channel, and the command on the node blocks.
    source.pause();
    busy.then(
      () => source.resume(),
      () => source.resume(),
    );
  }
}

/** The rest of the line after the last `nonce`, and what follows it; undefined before the line is complete. */
function after(data: Buffer, nonce: string): { line: string; rest: Buffer } | undefined {
  const at = data.lastIndexOf(nonce);
  const end = at < 0 ? -1 : data.indexOf(0x0a, at);
  if (end < 0) return undefined;
  return { line: data.toString('latin1', at + nonce.length, end).trim(), rest: data.subarray(end + 1) };
}

function unusable(evidence: string): Failure {
  return new Failure('SHELL_UNUSABLE', {}, { evidence: capped(evidence) });
}
