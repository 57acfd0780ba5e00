import { SvelteMap } from 'svelte/reactivity';
import { CallFailure, type BenchRecord, type Client, type FailureInfo } from '../../../api/types';

type Answer = { readonly record: BenchRecord } | { readonly failure: FailureInfo } | 'reading';

/** More than ten are never shown at once; a few more make going up and down the list quick. */
const KEPT = 24;

/** Whole measurements, asked of main when they are first wanted. */
export class Records {
  readonly #answers = new SvelteMap<string, Answer>();

  constructor(private readonly client: Pick<Client, 'bench.show'>) {}

  /** What is known of one now; asks for it where nothing is. Call it from an effect. */
  want(id: string): void {
    if (this.#answers.has(id)) return;
    for (const old of [...this.#answers.keys()].slice(0, -KEPT)) this.#answers.delete(old);
    this.#answers.set(id, 'reading');
    void this.#read(id);
  }

  /** @returns null while it is being read */
  get(id: string): Exclude<Answer, 'reading'> | null {
    const answer = this.#answers.get(id);
    return answer === undefined || answer === 'reading' ? null : answer;
  }

  async #read(id: string): Promise<void> {
    try {
      this.#answers.set(id, { record: await this.client['bench.show']({ id }) });
    } catch (refusal) {
      if (!(refusal instanceof CallFailure)) throw refusal;
      this.#answers.set(id, { failure: refusal.info });
    }
  }
}
