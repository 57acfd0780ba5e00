import { CallFailure, type FailureInfo } from '../../api/types';

/** A text that main makes: the newest one wanted, or why there is none. What is shown stays until the next one is there. */
export class MadeText {
  text = $state.raw<string | null>(null);
  failure = $state.raw<FailureInfo | null>(null);
  making = $state.raw(false);
  #wanted = '';

  /** @param of all that it is made of: the same is not asked for twice */
  async make(of: readonly unknown[], question: () => Promise<{ text: string }>): Promise<void> {
    const mine = JSON.stringify(of);
    if (mine === this.#wanted) return;
    this.#wanted = mine;
    this.making = true;
    try {
      const { text } = await question();
      if (mine !== this.#wanted) return;
      this.text = text;
      this.failure = null;
    } catch (refusal) {
      if (!(refusal instanceof CallFailure)) throw refusal;
      if (mine !== this.#wanted) return;
      this.failure = refusal.info;
    }
    this.making = false;
  }
}
