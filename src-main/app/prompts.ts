import { randomUUID } from 'node:crypto';
import type { Prompt } from '../contract/state-nodes';
import { Failure } from '../core/failure';
import type { HostKeyDecider, SecretRequest, SecretStore, UnknownHostKey } from '../core/ports';
import type { SecretVault } from './service';
import type { State } from './state';

/** What the person answered; `refuse` has no secret and accepts no key. */
export type PromptAnswer =
  { kind: 'accept' } | { kind: 'refuse' } | { kind: 'secret'; value: string; save: boolean };

export interface PromptOptions {
  readonly state: State;
  readonly vault: SecretVault | undefined;
  /** A secret that needs no asking: the practice pair's. */
  readonly known: (request: SecretRequest) => string | undefined;
  /** Names what a saved secret is for: the machine, not the name it has in this pair. */
  readonly place: (node: string) => string;
}

/** Asks the person in the window. Several questions may be open at once: both nodes log in at the same time. */
export class Prompts implements SecretStore, HostKeyDecider {
  readonly #open = new Map<string, (answer: PromptAnswer) => void>();

  constructor(private readonly options: PromptOptions) {}

  async get(request: SecretRequest, signal?: AbortSignal): Promise<string | undefined> {
    const { vault, known } = this.options;
    // An answer that was wrong is not given twice.
    if (request.retry !== true) {
      const given = known(request) ?? (await vault?.get(this.#key(request)));
      if (given !== undefined) return given;
    }
    const answer = await this.#ask(
      {
        kind: 'secret',
        id: randomUUID(),
        secret: request.kind,
        node: request.node,
        user: request.user,
        detail: request.detail ?? null,
        retry: request.retry === true,
        echo: request.echo === true,
        canSave: vault !== undefined && isLasting(request),
      },
      signal,
    );
    if (answer.kind !== 'secret') return undefined;
    if (answer.save && vault && isLasting(request)) await vault.set(this.#key(request), answer.value);
    return answer.value;
  }

  async accept(key: UnknownHostKey, signal?: AbortSignal): Promise<boolean> {
    const answer = await this.#ask({ kind: 'host-key', id: randomUUID(), ...key }, signal);
    return answer.kind === 'accept';
  }

  /** @throws Failure PROMPT_GONE, BAD_REQUEST for an answer to another kind of question */
  answer(id: string, answer: PromptAnswer): void {
    const prompt = this.options.state.get('prompts').find((candidate) => candidate.id === id);
    const done = this.#open.get(id);
    if (!prompt || !done) throw new Failure('PROMPT_GONE');
    const wanted = prompt.kind === 'host-key' ? 'accept' : 'secret';
    if (answer.kind !== 'refuse' && answer.kind !== wanted)
      throw new Failure('BAD_REQUEST', { reason: 'answer' });
    done(answer);
  }

  #ask(prompt: Prompt, signal: AbortSignal | undefined): Promise<PromptAnswer> {
    const { state } = this.options;
    if (signal?.aborted === true) return Promise.resolve({ kind: 'refuse' });
    return new Promise((resolve) => {
      const done = (answer: PromptAnswer) => {
        signal?.removeEventListener('abort', refuse);
        this.#open.delete(prompt.id);
        state.update('prompts', (all) => all.filter(({ id }) => id !== prompt.id));
        resolve(answer);
      };
      const refuse = () => done({ kind: 'refuse' });
      signal?.addEventListener('abort', refuse, { once: true });
      this.#open.set(prompt.id, done);
      state.update('prompts', (all) => [...all, prompt]);
    });
  }

  #key({ kind, node, user, detail }: SecretRequest): string {
    // A key file's passphrase belongs to the file, wherever it is used.
    const place = kind === 'key-passphrase' ? '' : this.options.place(node);
    return JSON.stringify([kind, place, user, kind === 'key-passphrase' ? (detail ?? '') : '']);
  }
}

/** One-time codes and passwords of accounts that do not exist yet are not kept. */
function isLasting({ kind }: SecretRequest): boolean {
  return kind !== 'keyboard-interactive' && kind !== 'new-user-password';
}
