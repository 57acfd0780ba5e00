type Listener = (text: string) => void;

/** What comes for a terminal before anybody listens, in characters: main stops sending at its own high water long before. */
const heldCharacters = 1024 * 1024;

/** What terminals print, by terminal. What comes before somebody listens is kept, in order, and given to the first. */
export class TerminalFeed {
  readonly #listeners = new Map<string, Listener>();
  readonly #held = new Map<string, string[]>();

  /** One listener a terminal. @returns the way to end it */
  listen(id: string, listener: Listener): () => void {
    this.#listeners.set(id, listener);
    const held = this.#held.get(id);
    this.#held.delete(id);
    for (const text of held ?? []) listener(text);
    return () => {
      if (this.#listeners.get(id) === listener) this.#listeners.delete(id);
    };
  }

  /** Drops what is kept for a terminal that is no more. */
  forget(id: string): void {
    this.#held.delete(id);
  }

  deliver(id: string, text: string): void {
    const listener = this.#listeners.get(id);
    if (listener) {
      listener(text);
      return;
    }
    const held = this.#held.get(id) ?? [];
    const characters = held.reduce((sum, part) => sum + part.length, 0);
    if (characters + text.length > heldCharacters) return;
    held.push(text);
    this.#held.set(id, held);
  }
}
