import type { Duplex } from 'node:stream';
import ssh2, { type AuthHandlerMiddleware, type Client } from 'ssh2';
import { Failure, isFailure, toFailure } from '../../core/failure';
import type { Clock } from '../../core/ports';
import { algorithms } from './algorithms';
import { Login } from './auth';
import { abortFailure, Countdown } from './countdown';
import type { HostKeyCheck } from './host-key';
import type { Limits } from './limits';
import { type KeySources, LoginKeys } from './login-keys';
import type { SecretSource } from './secrets';
import { capped } from './wire';

export interface HandshakeOptions {
  readonly stream: Duplex;
  readonly node: string;
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly hostKey: HostKeyCheck;
  readonly knownTypes: readonly string[];
  readonly withoutTypes: readonly string[];
  readonly keySources: KeySources;
  readonly secrets: SecretSource;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

type Phase = 'key-exchange' | 'login';

/**
 * Key exchange, host key check and login over an open stream.
 * ssh2's own `readyTimeout` is off, since it runs while a person reads a question; each phase has its own limit here.
 * The stream is destroyed when this fails.
 * @throws Failure CONNECTION_TIMEOUT, SSH_PROTOCOL, LOGIN_REFUSED, KEY_UNREADABLE, HOST_KEY_…, CANCELLED
 */
export function handshake(options: HandshakeOptions): Promise<Client> {
  return new Handshake(options).run();
}

class Handshake {
  readonly #client = new ssh2.Client();
  readonly #countdown: Countdown;
  /** Ends every question to the person when the handshake ends. */
  readonly #over = new AbortController();
  #phase: Phase = 'key-exchange';
  #greeting = '';

  constructor(private readonly options: HandshakeOptions) {
    this.#countdown = new Countdown(options.clock);
  }

  run(): Promise<Client> {
    return new Promise<Client>((resolve, reject) => {
      const { signal, stream } = this.options;
      const onAbort = () => this.#settle(() => reject(this.#fail(abortFailure(signal))));
      const done = () => signal.removeEventListener('abort', onAbort);
      const fail = (error: unknown) => this.#settle(() => reject(this.#fail(error)), done);
      const login = this.#login();
      this.#client
        .on('error', (error: Error & { level?: string }) => {
          // A key that could not sign is one method less, not the end.
          if (error.level !== 'agent') fail(this.#explain(error, login));
        })
        .on('close', () => fail(this.#dropped(login)))
        .on('banner', (text: string) => (this.#greeting = capped(this.#greeting + text)))
        .on('change password', () => fail(login.refusal('password expired')))
        .on('handshake', () => {
          this.options.hostKey.proved().catch(fail);
          this.#enter('login', fail);
        })
        .on('ready', () => {
          login.succeeded();
          this.#settle(() => resolve(this.#client), done);
        });
      if (signal.aborted) {
        onAbort();
        return;
      }
      signal.addEventListener('abort', onAbort);
      this.#enter('key-exchange', fail);
      try {
        this.#connect(stream, login, fail);
      } catch (error) {
        fail(error);
      }
    });
  }

  #connect(sock: Duplex, login: Login, fail: (error: unknown) => void): void {
    const { user, hostKey, limits, knownTypes, withoutTypes } = this.options;
    this.#client.connect({
      sock,
      username: user,
      readyTimeout: 0,
      keepaliveInterval: limits.keepaliveMs,
      keepaliveCountMax: limits.keepaliveCount,
      algorithms: algorithms(knownTypes, withoutTypes),
      hostVerifier: (key: Buffer, verify: (ok: boolean) => void) => {
        hostKey
          .judge(key, this.#over.signal, (work) => this.#thinking(work, fail))
          .then(
            () => verify(true),
            (error: unknown) => {
              fail(error);
              verify(false);
            },
          );
      },
      authHandler: this.#authHandler(login, fail),
    });
  }

  #authHandler(login: Login, fail: (error: unknown) => void): AuthHandlerMiddleware {
    const attempts = login.attempts();
    return (left, partial, next) => {
      this.#enter('login', fail);
      const answer = { left: left as readonly string[] | null, partial };
      attempts.next(answer).then(
        (attempt) => {
          if (this.#over.signal.aborted) return;
          if (attempt.done === true) fail(login.refusal(this.#greeting));
          else next(attempt.value);
        },
        (error: unknown) => fail(error),
      );
    };
  }

  #login(): Login {
    const { node, user, host, port, keySources, secrets } = this.options;
    const thinking = <T>(work: () => Promise<T>) => this.#thinking(work, this.#late);
    const signal = this.#over.signal;
    const keys = new LoginKeys({ sources: keySources, secrets, node, user, signal, thinking });
    return new Login({ node, user, host, port, keys, secrets, signal, thinking });
  }

  #late: (error: unknown) => void = () => undefined;

  /** Starts the limit of a phase or of its next step. */
  #enter(phase: Phase, fail: (error: unknown) => void): void {
    if (this.#over.signal.aborted) return;
    this.#phase = phase;
    this.#late = fail;
    const { limits, host, port } = this.options;
    const ms = phase === 'login' ? limits.loginStepMs : limits.keyExchangeMs;
    this.#countdown.start(ms, () => fail(new Failure('CONNECTION_TIMEOUT', { host, port, phase })));
  }

  /** No limit runs while a person is asked. */
  async #thinking<T>(work: () => Promise<T>, fail: (error: unknown) => void): Promise<T> {
    this.#countdown.stop();
    try {
      return await work();
    } finally {
      this.#enter(this.#phase, fail);
    }
  }

  #settle(then: () => void, done?: () => void): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort(new Failure('CANCELLED'));
    this.#countdown.stop();
    done?.();
    then();
  }

  #fail(error: unknown): Error {
    // Late errors of a connection that is given up are nobody's business any more.
    this.#client.removeAllListeners().on('error', () => undefined);
    this.#client.end();
    this.options.stream.destroy();
    return error instanceof Error ? error : toFailure(error);
  }

  #explain(error: Error & { level?: string }, login: Login): Failure {
    if (isFailure(error)) return error;
    if (error.level === 'client-authentication') return login.refusal(this.#greeting);
    return this.#phase === 'login' ? this.#dropped(login, error.message) : this.#protocol(error.message);
  }

  #dropped(login: Login, message = 'connection closed'): Failure {
    // sshd says this when too many keys were offered; everything else is a broken transport.
    if (this.#phase === 'login' && /too many authentication failures/i.test(message)) {
      return login.refusal(message);
    }
    return this.#protocol(message);
  }

  #protocol(message: string): Failure {
    const { host, port } = this.options;
    const evidence = capped([message, this.#greeting].filter((text) => text !== '').join('\n'));
    return new Failure('SSH_PROTOCOL', { host, port, phase: this.#phase }, { evidence });
  }
}
