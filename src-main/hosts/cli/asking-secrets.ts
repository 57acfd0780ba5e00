import type { SecretRequest, SecretStore } from '../../core/ports';
import { Failure } from '../../core/failure';
import type { Asker } from './asker';
import type { Words } from '../../words/words';

/** Names of the environment variables that hold a node's passwords. */
export interface SecretNames {
  readonly passwordEnv?: string | undefined;
  readonly sudoPasswordEnv?: string | undefined;
}

export const NEW_USER_VARIABLE = 'TWINSPARK_NEW_USER_PASSWORD';

/**
 * Secrets of the command line: environment variables that the cluster file names, else the terminal, without echo.
 * Nothing is kept on disk. An answer is asked for once, and again when it was wrong.
 */
export class AskingSecrets implements SecretStore {
  readonly #answers = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly options: {
      readonly names: (node: string) => SecretNames | undefined;
      readonly env: NodeJS.ProcessEnv;
      /** Undefined when nobody is there. */
      readonly asker: (() => Promise<Asker>) | undefined;
      readonly words: Words;
    },
  ) {}

  async get(request: SecretRequest, signal?: AbortSignal): Promise<string | undefined> {
    const fromEnvironment = this.#named(request);
    if (fromEnvironment !== undefined && request.retry !== true) return fromEnvironment;
    const key = JSON.stringify([request.kind, request.node, request.user, request.detail ?? '']);
    const known = request.retry === true ? undefined : this.#answers.get(key);
    if (known) return known;
    const answer = this.#sameAsLogin(request) ?? this.#ask(request, signal);
    this.#answers.set(key, answer);
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }

  /** What was typed for the login is tried for sudo first: mostly it is the same password. */
  #sameAsLogin({ kind, node, user, retry }: SecretRequest): Promise<string | undefined> | undefined {
    if (kind !== 'sudo-password' || retry === true) return undefined;
    return this.#answers.get(JSON.stringify(['login-password', node, user, '']));
  }

  #named(request: SecretRequest): string | undefined {
    const { env } = this.options;
    const names = this.options.names(request.node);
    const value = (name: string | undefined) => {
      const found = name === undefined ? undefined : env[name];
      return found === '' ? undefined : found;
    };
    switch (request.kind) {
      case 'login-password':
        return value(names?.passwordEnv);
      case 'sudo-password':
        // sudo asks for the same person's password, unless the file says otherwise.
        return value(names?.sudoPasswordEnv ?? names?.passwordEnv);
      case 'new-user-password':
        return value(NEW_USER_VARIABLE);
      case 'key-passphrase':
      case 'keyboard-interactive':
        return undefined;
    }
  }

  async #ask(request: SecretRequest, signal?: AbortSignal): Promise<string | undefined> {
    const { words } = this.options;
    const asker = await this.options.asker?.();
    if (!asker) return undefined;
    const { kind, node, user, detail = '' } = request;
    const plainQuestion = words.say(`cli.secret.${kind}`, { node, user, detail });
    // What was wrong stands in the question itself: the other node's question may come in between.
    const after = (problem: string) => `${words.say(problem, { node })} ${plainQuestion}`;
    const question = request.retry === true ? after('cli.secret.wrong') : plainQuestion;
    if (kind === 'keyboard-interactive' && request.echo === true) return asker.text(question, signal);
    const first = await asker.secret(question, signal);
    if (kind !== 'new-user-password') return first;
    for (let given = first; ;) {
      if (signal?.aborted === true) throw new Failure('CANCELLED');
      let problem = 'cli.secret.empty';
      if (given !== '') {
        if ((await asker.secret(words.say('cli.secret.again', { user }), signal)) === given) return given;
        problem = 'cli.secret.differ';
      }
      given = await asker.secret(after(problem), signal);
    }
  }
}
