import { getContext, setContext } from 'svelte';
import { CallFailure, type FailureInfo, type Result, type RollbackScope } from '../api/types';
import type { AppState } from './app-state.svelte';

export type RollbackPreview = Result<'rollback.preview'>;

/** The question "take this back?", asked from wherever something can be taken back. One at a time. */
export class RollbackState {
  /** What is asked about; null while nothing is. */
  scope = $state.raw<RollbackScope | null>(null);
  /** What would be restored; null while it is being looked up. */
  preview = $state.raw<RollbackPreview | null>(null);
  /** Why there is no list, or why it could not begin. */
  failure = $state.raw<FailureInfo | null>(null);
  /** The list is another one than the person saw first. */
  changed = $state.raw(false);
  /** The answer was yes, and main has been asked to begin. */
  starting = $state.raw(false);
  readonly #app: AppState;

  constructor(app: AppState) {
    this.#app = app;
  }

  ask(scope: RollbackScope): void {
    this.scope = scope;
    this.changed = false;
    this.starting = false;
    void this.reload();
  }

  /** What was shown stays until the next question: the dialog may take a moment to go. */
  close(): void {
    this.scope = null;
  }

  async reload(): Promise<void> {
    const { scope } = this;
    if (scope === null) return;
    this.preview = null;
    this.failure = null;
    const answer = await attempt(this.#app.client['rollback.preview']({ scope }));
    // The person may have closed it, or asked about something else, meanwhile.
    if (this.scope !== scope) return;
    if ('failure' in answer) this.failure = answer.failure;
    else this.preview = answer.result;
  }

  /** @returns whether it has begun */
  async confirm(): Promise<boolean> {
    const { preview } = this;
    if (preview === null || this.starting) return false;
    this.starting = true;
    const answer = await attempt(this.#app.client['rollback.start']({ token: preview.token }));
    this.starting = false;
    if ('result' in answer) {
      this.close();
      return true;
    }
    if (answer.failure.code === 'ROLLBACK_CHANGED') {
      this.changed = true;
      await this.reload();
    } else this.failure = answer.failure;
    return false;
  }
}

async function attempt<T>(question: Promise<T>): Promise<{ result: T } | { failure: FailureInfo }> {
  try {
    return { result: await question };
  } catch (failure) {
    if (!(failure instanceof CallFailure)) throw failure;
    return { failure: failure.info };
  }
}

const key = Symbol('rollback');

export function provideRollback(rollback: RollbackState): void {
  setContext(key, rollback);
}

export function useRollback(): RollbackState {
  return getContext<RollbackState>(key);
}
