/** What one call carries at most: `limits.terminalWrite`, given so that tests need no contract. */
export interface InputQueueOptions {
  readonly callCharacters: number;
  /** Sends in order; settles when main has taken it. */
  readonly send: (data: string) => Promise<unknown>;
}

/** Characters that main has not taken yet; more than these is not accepted. */
export const mostUntaken = 1024 * 1024;
/** A key that a person pressed is that short. */
const keyCharacters = 8;

/**
 * What goes to a terminal: keys, pastes, and the parser's own answers to the node's questions. Everything of one turn goes
 * in one call, so that a node that asks thousands of times a second does not cause as many calls. A node that
 * does not read what it is sent cannot fill this computer's memory: over the limit, only single keys get through.
 */
export class InputQueue {
  #waiting = '';
  #untaken = 0;

  constructor(private readonly options: InputQueueOptions) {}

  /** @returns false when there was no room for it */
  push(data: string): boolean {
    if (this.#untaken + this.#waiting.length + data.length > mostUntaken && data.length > keyCharacters) {
      return false;
    }
    if (this.#waiting === '') queueMicrotask(() => this.#send());
    this.#waiting += data;
    return true;
  }

  #send(): void {
    const { callCharacters, send } = this.options;
    const data = this.#waiting;
    this.#waiting = '';
    for (const piece of pieces(data, callCharacters)) {
      this.#untaken += piece.length;
      const taken = (): void => void (this.#untaken -= piece.length);
      // A refusal means that the terminal has gone; the state says so.
      send(piece).then(taken, taken);
    }
  }
}

/** Cut so that no character outside the basic plane is torn in two: main encodes each call on its own. */
function* pieces(text: string, most: number): Generator<string> {
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + most, text.length);
    if (end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))) end--;
    yield text.slice(at, end);
    at = end;
  }
}
