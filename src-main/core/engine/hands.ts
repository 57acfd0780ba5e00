import { randomBytes } from 'node:crypto';
import type { EngineEventBody } from '../../contract/events';
import type { AnyKind } from '../change/kind';
import { LEASE_BUSY, LEASE_HELD, TRIAL_GONE } from '../exit-status';
import { commandCauses } from './command-causes';
import { Failure } from '../failure';
import type { Command, ExecResult, Session } from '../ports';
import type { Script } from '../shell/quote';
import type { Verification } from './playbook';
import type { KnownSecrets } from './secrets';

const DEFAULT_LIMIT_MS = 120_000;
const READ_LIMIT_MS = 30_000;
/** A state may hold files of 256 KiB each, in base64. */
const READ_MAX_BYTES = 32 * 1024 * 1024;
const EVIDENCE_CHARS = 4_000;

export interface Reading {
  readonly kind: AnyKind;
  readonly spec: unknown;
}

/** The engine's hands on the nodes: runs commands, resolves what they read, streams what they print. */
export class Hands {
  /** Text put in front of every command that changes something; see lease.ts. */
  #preamble: (node: string) => Script | undefined = () => undefined;

  constructor(
    private readonly sessions: ReadonlyMap<string, Session>,
    private readonly secrets: KnownSecrets,
    private readonly emit: (event: EngineEventBody) => void,
  ) {}

  guardWith(preamble: (node: string) => Script | undefined): void {
    this.#preamble = preamble;
  }

  session(node: string): Session {
    const session = this.sessions.get(node);
    if (!session) throw new Failure('INTERNAL', { node });
    return session;
  }

  /**
   * Runs a command that changes something, under the node's lease.
   * @throws Failure COMMAND_FAILED (params: status; evidence: output), NODE_BUSY, GUARD_REVERTED and what Session.exec
   * throws
   */
  async act(node: string, command: Command, signal?: AbortSignal): Promise<ExecResult> {
    const preamble = this.#preamble(node)?.text;
    const script = preamble === undefined ? command.script.text : `${preamble}\n${command.script.text}`;
    const stdin = await this.#input(command, signal);
    const result = await this.session(node).exec(
      { script, root: command.root, ...(stdin === undefined ? {} : { stdin }) },
      {
        timeoutMs: command.limitMs ?? DEFAULT_LIMIT_MS,
        ...(command.interruptible === true && signal ? { signal } : {}),
        onLine: (stream, line) => this.emit({ type: 'log', node, stream, text: this.secrets.redact(line) }),
      },
    );
    if (result.code === LEASE_HELD || result.code === LEASE_BUSY)
      throw new Failure('NODE_BUSY', {}, { node });
    if (result.code === TRIAL_GONE) {
      throw new Failure('GUARD_REVERTED', {}, { node, evidence: this.#evidence(result) });
    }
    if (result.code !== 0) throw this.failed(node, result);
    return result;
  }

  /**
   * Runs a command that only reads; its exit status is the caller's business. Its output is whole, for parsing: what of it
   * is shown goes through {@link cleaned}.
   */
  look(
    node: string,
    script: Script,
    options: { root?: boolean; timeoutMs?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<ExecResult> {
    return this.session(node).exec(
      { script: script.text, root: options.root ?? false },
      {
        timeoutMs: options.timeoutMs ?? READ_LIMIT_MS,
        ...(options.signal ? { signal: options.signal } : {}),
      },
    );
  }

  /**
   * Reads the states of several things on one node in one round trip. The parts are told apart by a nonce that the
   * node sees only in the script itself, so that no output can forge a boundary.
   * @throws Failure CHANGE_FAILED when a reading script fails or prints something else
   */
  async states(node: string, readings: readonly Reading[], signal?: AbortSignal): Promise<unknown[]> {
    if (readings.length === 0) return [];
    const nonce = randomBytes(16).toString('hex');
    const script = readings
      .map(({ kind, spec }, index) => {
        const inner = kind.read(spec).text;
        return `printf '%s\\n' '${nonce} ${index}'\n(\n${inner}\n) </dev/null\nprintf '%s\\n' "${nonce} end $?"`;
      })
      .join('\n');
    const result = await this.session(node).exec(
      { script, root: true },
      { timeoutMs: READ_LIMIT_MS, maxOutputBytes: READ_MAX_BYTES, ...(signal ? { signal } : {}) },
    );
    return readings.map(({ kind, spec }, index) => {
      const head = `${nonce} ${index}\n`;
      const start = result.stdout.indexOf(head);
      const end = result.stdout.indexOf(`${nonce} end `, start + head.length);
      if (start < 0 || end < 0) throw this.failed(node, result);
      const status = result.stdout.slice(end + nonce.length + 5).split('\n', 1)[0];
      if (status !== '0') throw this.failed(node, { ...result, code: Number(status) });
      return kind.parse(spec, result.stdout.slice(start + head.length, end));
    });
  }

  /** A verification with no known secret in the raw output that it shows; what was measured stays as it was read. */
  cleaned(verification: Verification): Verification {
    const { evidence, ...rest } = verification;
    return evidence === undefined ? rest : { ...rest, evidence: this.secrets.redact(evidence) };
  }

  async #input(command: Command, signal?: AbortSignal): Promise<string | undefined> {
    const input = command.input;
    switch (input?.kind) {
      case undefined:
        return undefined;
      case 'text':
        return input.text;
      case 'secret': {
        const secret = await this.secrets.get(input.secret, signal);
        if (secret === undefined) {
          throw new Failure(
            'ANSWER_NEEDED',
            { what: input.secret.kind, user: input.secret.user },
            { node: input.secret.node },
          );
        }
        return secret;
      }
      case 'output': {
        const stdin = await this.#input(input.command, signal);
        const result = await this.session(input.node).exec(
          {
            script: input.command.script.text,
            root: input.command.root,
            ...(stdin === undefined ? {} : { stdin }),
          },
          { timeoutMs: READ_LIMIT_MS, ...(signal ? { signal } : {}) },
        );
        if (result.code !== 0) throw this.failed(input.node, { ...result, stdout: '' });
        return result.stdout;
      }
    }
  }

  /** The failure that a command ended in. */
  failed(node: string, result: ExecResult): Failure {
    const evidence = this.#evidence(result);
    const causes = commandCauses(node, evidence);
    return new Failure(
      'COMMAND_FAILED',
      { status: result.code ?? result.signal ?? 'unknown' },
      { node, evidence, ...(causes.length > 0 ? { causes } : {}) },
    );
  }

  /** The end of what a command printed, without known secrets. */
  #evidence({ stderr, stdout }: ExecResult): string {
    return this.secrets.redact(`${stderr}${stdout}`).slice(-EVIDENCE_CHARS);
  }
}
