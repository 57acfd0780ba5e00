import { Buffer } from 'node:buffer';
import type { ServerChannel } from 'ssh2';
import type { Caller } from '../machine/node-model';
import { loginEnv } from '../shell/login-env';
import type { Process } from '../shell/processes';
import type { Machine, RunResult, Tty } from '../shell/run-context';
import { runShell } from '../shell/run-shell';
import { ChannelOutput } from './channel-io';
import { completions } from './completions';
import { flood } from './floods';
import { Keys } from './keys';
import { liveLine, runLiveLine, type LiveLine } from './live-line';
import { LineEditor } from './line-editor';

export interface TerminalSize {
  columns: number;
  rows: number;
}

export interface TerminalOptions {
  readonly machine: Machine;
  readonly caller: Caller;
  readonly channel: ServerChannel;
  /** Changes with the window. */
  readonly size: TerminalSize;
  /** False when the client asked for no terminal: then nothing is echoed, and there is no prompt. */
  readonly terminal: boolean;
}

/** A shell of a person: lines are edited here and each is run in the in-memory shell. */
export async function serveTerminal(options: TerminalOptions): Promise<void> {
  options.channel.on('error', () => undefined);
  const terminal = new Terminal(options);
  await terminal.greet();
  const code = await terminal.loop();
  await terminal.output.end({ code });
}

/** One shell of the terminal; `sudo -i` puts another on top. */
interface Level {
  readonly caller: Caller;
  cwd: string;
  env: Record<string, string>;
}

const sliceBytes = 64 * 1024;

class Terminal {
  readonly output: ChannelOutput;
  readonly #keys = new Keys();
  readonly #editor: LineEditor;
  readonly #levels: Level[];
  readonly #tty: Tty;
  #running: Process | undefined;
  #gone = false;
  #code = 0;

  constructor(private readonly options: TerminalOptions) {
    const { channel, machine, caller, size, terminal } = options;
    this.output = new ChannelOutput(channel);
    channel.on('data', (chunk: Buffer) => this.#typed(chunk));
    channel.once('end', () => this.#keys.end());
    channel.once('close', () => {
      this.#gone = true;
      this.#keys.end();
      this.#signal('HUP');
    });
    this.#editor = new LineEditor({
      keys: this.#keys,
      write: (text) => terminal && void this.output.write('stdout', text),
      columns: () => size.columns,
      complete: (line) => completions(line, this.#level.cwd, machine.node.fsFor(this.#level.caller)),
    });
    this.#levels = [this.#levelOf(caller)];
    this.#tty = {
      sudoProven: false,
      askSecret: (prompt) => this.#editor.readSecret(prompt),
      write: (text) => this.#show(Buffer.from(text)),
    };
  }

  get #level(): Level {
    const level = this.#levels.at(-1);
    if (level === undefined) throw new RangeError('the terminal has no shell');
    return level;
  }

  #levelOf(caller: Caller): Level {
    const env = loginEnv(this.options.machine.node, caller);
    return { caller, cwd: env['HOME'] ?? '/', env: { ...env, TERM: 'xterm-256color', LANG: 'C.UTF-8' } };
  }

  async greet(): Promise<void> {
    const { fs } = this.options.machine.node;
    if (this.options.terminal && (await fs.exists('/etc/motd'))) {
      await this.#show(Buffer.from(await fs.readFileBuffer('/etc/motd')));
    }
  }

  /** Runs lines until the last shell is left. @returns its exit status */
  async loop(): Promise<number> {
    while (!this.#gone) {
      const entered = await this.#editor.read(await this.#prompt());
      if (entered.kind === 'interrupt') continue;
      const left =
        entered.kind === 'end' ? ['exit'] : /^\s*(?:exit|logout)(?:\s+(\d{1,3}))?\s*$/.exec(entered.text);
      if (left !== null) {
        if (entered.kind === 'end') await this.#show(Buffer.from('exit\n'));
        if (left[1] !== undefined) this.#code = Number(left[1]);
        this.#levels.pop();
        if (this.#levels.length === 0) break;
      } else if (entered.kind === 'line' && entered.text.trim() !== '') {
        await this.#run(entered.text);
      }
    }
    return this.#code;
  }

  async #prompt(): Promise<string> {
    const { node } = this.options.machine;
    const { caller, cwd, env } = this.#level;
    const home = env['HOME'] ?? '/';
    const folder = cwd === home ? '~' : cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd;
    const named = await node.fs.readFile('/etc/hostname').catch(() => node.name);
    return `${env['USER'] ?? caller.user}@${named.trim()}:${folder}${caller.root ? '#' : '$'} `;
  }

  async #run(line: string): Promise<void> {
    const { machine, size } = this.options;
    const process = machine.processes.start();
    this.#running = process;
    try {
      const stream = flood(line);
      if (stream !== undefined) {
        for (const chunk of stream) {
          if (process.signal.aborted || this.#gone) break;
          await this.output.write('stdout', chunk, process.signal);
        }
        this.#code = process.signal.aborted ? 130 : 0;
        return;
      }
      const live = liveLine(line, (name) => machine.node.isLive(name));
      if (live !== undefined) {
        this.#code = await this.#runLive(live, process);
        return;
      }
      const root = /^\s*sudo\s+(?:-[is]|su(?:\s+-)?)\s*$/.test(line);
      const level = this.#level;
      const result = await runShell(machine, {
        caller: level.caller,
        // Each line runs in a shell of its own, which has to be told the last one's status.
        script: root ? 'sudo -v' : this.#code === 0 ? line : `(exit ${this.#code})\n${line}`,
        env: { ...level.env, COLUMNS: `${size.columns}`, LINES: `${size.rows}` },
        replaceEnv: true,
        cwd: level.cwd,
        process,
        tty: this.#tty,
      });
      await this.#finish(result, process);
      if (root && result.code === 0)
        this.#levels.push(this.#levelOf({ ...level.caller, uid: 0, root: true }));
    } finally {
      this.#running = undefined;
      process.end();
    }
  }

  /** What it prints after Ctrl-C is shown as well: that is what it has measured. */
  async #runLive(live: LiveLine, process: Process): Promise<number> {
    const { caller, env, cwd } = this.#level;
    const show = (text: string) => this.#show(Buffer.from(text));
    const place = { shellEnv: env, cwd, print: show, complain: show };
    const code = await runLiveLine(this.options.machine, caller, process, live, place);
    return process.signal.aborted ? 130 : code;
  }

  async #finish(result: RunResult, process: Process): Promise<void> {
    if (process.signal.aborted) {
      this.#code = 130;
      return;
    }
    const level = this.#level;
    this.#code = result.code;
    level.cwd = result.cwd;
    level.env = { ...result.env };
    await this.#show(result.stdout, process.signal);
    await this.#show(result.stderr, process.signal);
  }

  /** Output as a terminal wants it: each line end takes the cursor to the first column as well. */
  async #show(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { terminal } = this.options;
    for (let at = 0; at < bytes.length && signal?.aborted !== true && !this.#gone; at += sliceBytes) {
      const slice = Buffer.from(bytes.subarray(at, at + sliceBytes)).toString('latin1');
      const text = terminal ? slice.replaceAll('\n', '\r\n') : slice;
      await this.output.write('stdout', Buffer.from(text, 'latin1'), signal);
    }
  }

  #typed(chunk: Buffer): void {
    const at = this.#running === undefined || this.#editor.asking ? -1 : chunk.lastIndexOf(0x03);
    if (at < 0) {
      this.#keys.push(chunk);
      return;
    }
    // What was typed ahead goes with the command that Ctrl-C ends.
    this.#keys.clear();
    this.#signal('INT');
    void this.output.write('stdout', '^C\r\n');
    this.#keys.push(chunk.subarray(at + 1));
  }

  #signal(name: string): void {
    if (this.#running !== undefined) this.options.machine.processes.kill(this.#running.pid, name);
  }
}
