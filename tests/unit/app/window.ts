import { CallFailure, parseSlice, type Push } from '../../../src-main/contract/wire';
import type { MethodName } from '../../../src-main/contract/method-names';
import { methods, type Params, type Result } from '../../../src-main/contract/methods';
import { snapshotSchema, type Slices } from '../../../src-main/contract/slices';
import type { AppService } from '../../../src-main/app/service';

/** The other side of the contract, as a window has it: a copy of the state kept by numbered changes. */
export class TestWindow {
  readonly printed = new Map<string, string>();
  readonly lines: string[] = [];
  #state: Slices | undefined;
  #seq = 0;
  #waiting: { holds: (state: Slices) => boolean; done: (state: Slices) => void }[] = [];

  constructor(private readonly app: AppService) {
    app.subscribe((push) => this.#take(push));
  }

  async open(): Promise<Slices> {
    const { seq, state } = snapshotSchema.parse(await this.call('app.snapshot', {}));
    this.#seq = seq;
    this.#state = state;
    return state;
  }

  get state(): Slices {
    if (!this.#state) throw new Error('no snapshot yet');
    return this.#state;
  }

  async call<Name extends MethodName>(method: Name, params: Params<Name>): Promise<Result<Name>> {
    const answer = await this.app.ask(method, params);
    if ('failure' in answer) throw new CallFailure(answer.failure);
    return methods[method].result.parse(answer.result) as Result<Name>;
  }

  /** The code of a refusal, or undefined when it was taken. */
  async refusal(method: MethodName, params: unknown): Promise<string | undefined> {
    const answer = await this.app.ask(method, params);
    return 'failure' in answer ? answer.failure.code : undefined;
  }

  /** Resolves as soon as the state is as wanted. */
  until(holds: (state: Slices) => boolean): Promise<Slices> {
    if (holds(this.state)) return Promise.resolve(this.state);
    return new Promise((done) => this.#waiting.push({ holds, done }));
  }

  /** Resolves when nothing is being done any more. */
  rest(): Promise<Slices> {
    return this.until(({ book }) => book?.work === null);
  }

  #take(push: Push): void {
    if (push.type === 'terminal') {
      this.printed.set(push.id, (this.printed.get(push.id) ?? '') + push.text);
      return;
    }
    if (!this.#state) return;
    if (push.seq !== this.#seq + 1) throw new Error(`gap: ${this.#seq} to ${push.seq}`);
    this.#seq = push.seq;
    if (push.type === 'log') {
      this.lines.push(...push.lines.map(({ text, message }) => message?.code ?? text));
      return;
    }
    const [name, value] = parseSlice(push.slice, push.value);
    this.#state = { ...this.#state, [name]: value };
    const state = this.#state;
    const ready = this.#waiting.filter(({ holds }) => holds(state));
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    for (const { done } of ready) done(state);
  }
}
