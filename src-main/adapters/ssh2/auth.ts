import type { AnyAuthMethod, Prompt } from 'ssh2';
import { Failure } from '../../core/failure';
import type { SecretRequest } from '../../core/ports';
import type { LoginKeys } from './login-keys';
import type { SecretSource } from './secrets';
import { capped } from './wire';

/** What the server has answered to the last attempt. */
export interface ServerAnswer {
  /** Methods that can go on; null before the first answer. */
  readonly left: readonly string[] | null;
  readonly partial: boolean;
}

export interface LoginOptions {
  readonly node: string;
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly keys: LoginKeys;
  readonly secrets: SecretSource;
  readonly signal: AbortSignal;
  readonly thinking: <T>(work: () => Promise<T>) => Promise<T>;
}

const maxTries = 3;

/**
 * The attempts of one login, in OpenSSH's order: publickey, keyboard-interactive, password, each while the server
 * still names it. A secret that was refused is never sent again; after three the login is refused.
 */
export class Login {
  readonly #tried = new Set<string>();
  readonly #refused = new Set<string>();
  /** The password last sent and not judged yet. */
  #sent: string | undefined;
  #noPassword = false;
  #passwords = 0;
  #interactive = 0;
  /** What went wrong while ssh2 was waiting for our answers; the login ends with it. */
  #broken: Error | undefined;

  constructor(private readonly options: LoginOptions) {}

  /** The password that let us in, if one did, may be kept. */
  succeeded(): void {
    if (this.#sent !== undefined) this.options.secrets.proven(this.#passwordRequest(), this.#sent);
  }

  /** What to tell when no method is left. */
  refusal(evidence: string): Failure {
    const { user, host, port, keys } = this.options;
    const methods = [...this.#tried].join(', ');
    const [bad] = keys.unusable;
    const rest = evidence === '' ? {} : { evidence: capped(evidence) };
    if (bad !== undefined && !this.#tried.has('publickey') && this.#passwords === 0) {
      return new Failure('KEY_UNREADABLE', { file: bad.path, reason: bad.reason, user, host }, rest);
    }
    return new Failure(
      'LOGIN_REFUSED',
      { user, host, port, methods: methods === '' ? 'none' : methods },
      rest,
    );
  }

  async *attempts(): AsyncGenerator<AnyAuthMethod, void, ServerAnswer> {
    const { user, keys } = this.options;
    const offers = keys.offers();
    let keysLeft = true;
    // `none` costs nothing and brings the list of methods (RFC 4252, 5.2).
    let answer = yield { type: 'none', username: user };
    for (;;) {
      this.#judge(answer);
      const left = answer.left ?? [];
      const key = keysLeft && left.includes('publickey') ? await offers.next() : undefined;
      if (key?.done === true) keysLeft = false;
      if (key?.done === false) {
        this.#tried.add('publickey');
        answer = yield { type: 'agent', username: user, agent: key.value };
        // ssh2 keeps the server's answer to an agent's key to itself. When a signature was made it may be a partial
        // success, and then other methods are left: `none` asks which.
        if (key.value.signed) answer = yield { type: 'none', username: user };
      } else if (left.includes('keyboard-interactive') && this.#canAskInteractively()) {
        this.#tried.add('keyboard-interactive');
        this.#interactive++;
        answer = yield { type: 'keyboard-interactive', username: user, prompt: this.#prompt() };
      } else if (left.includes('password') && this.#canAskPassword()) {
        const password = await this.#askPassword();
        if (password === undefined) continue;
        this.#tried.add('password');
        answer = yield { type: 'password', username: user, password };
      } else {
        return;
      }
      if (this.#broken !== undefined) throw this.#broken;
    }
  }

  #judge(answer: ServerAnswer): void {
    if (this.#sent === undefined) return;
    if (answer.partial) this.options.secrets.proven(this.#passwordRequest(), this.#sent);
    else this.#refused.add(this.#sent);
    this.#sent = undefined;
  }

  #canAskPassword(): boolean {
    return !this.#noPassword && this.#passwords < maxTries;
  }

  #canAskInteractively(): boolean {
    return !this.#noPassword && this.#interactive < maxTries && this.#passwords < maxTries;
  }

  #passwordRequest(): SecretRequest {
    return { kind: 'login-password', node: this.options.node, user: this.options.user };
  }

  /** A password not refused yet, or undefined (and then no more is asked for in this login). */
  async #askPassword(): Promise<string | undefined> {
    const { secrets, signal, thinking } = this.options;
    const retry = this.#refused.size > 0;
    const request = retry ? { ...this.#passwordRequest(), retry } : this.#passwordRequest();
    const password = await thinking(() => secrets.get(request, signal));
    if (password === undefined || this.#refused.has(password)) {
      this.#noPassword = true;
      return undefined;
    }
    this.#passwords++;
    this.#sent = password;
    return password;
  }

  /** Answers one keyboard-interactive conversation, which may have several rounds (RFC 4256). */
  #prompt() {
    return (
      name: string,
      instructions: string,
      _language: string,
      prompts: Prompt[],
      finish: (answers: string[]) => void,
    ): void => {
      this.#answers(`${name}\n${instructions}`.trim(), prompts).then(finish, (error: unknown) => {
        this.#broken = error instanceof Error ? error : new Failure('INTERNAL');
        // An empty answer makes the server refuse, which brings the failure out.
        finish(prompts.map(() => ''));
      });
    };
  }

  async #answers(heading: string, prompts: readonly Prompt[]): Promise<string[]> {
    const answers: string[] = [];
    const [only] = prompts;
    if (
      prompts.length === 1 &&
      only !== undefined &&
      only.echo !== true &&
      /password|passwort|암호|비밀번호/i.test(only.prompt)
    ) {
      // The same question again within one conversation: the last answer was wrong.
      this.#judge({ left: null, partial: false });
      return [(this.#canAskPassword() ? await this.#askPassword() : undefined) ?? ''];
    }
    for (const { prompt, echo } of prompts) {
      const { node, user, secrets, signal, thinking } = this.options;
      const detail = capped(heading === '' ? prompt : `${heading}\n${prompt}`);
      const answer = await thinking(() =>
        secrets.get(
          {
            kind: 'keyboard-interactive',
            node,
            user,
            detail,
            echo: echo === true,
            retry: this.#interactive > 1,
          },
          signal,
        ),
      );
      // Nobody there to answer: there is no use in asking the same thing again.
      if (answer === undefined) this.#interactive = maxTries;
      answers.push(answer ?? '');
    }
    return answers;
  }
}
