import { serialize, type StatementNode } from 'just-bash';

/** What is to run when a shell ends, with the state that it was set in. */
export interface Handler {
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

interface Scope {
  readonly handlers: Map<string, Handler>;
  readonly functions: StatementNode[];
}

/** Trap handlers of a shell and of the shells that run inside it (`sh -c …`), innermost last. */
export class Traps {
  readonly #scopes: Scope[] = [{ handlers: new Map(), functions: [] }];

  /** A shell inside the present one begins. */
  enter(): void {
    this.#scopes.push({ handlers: new Map(), functions: [] });
  }

  /**
   * The innermost shell ends.
   * @returns its EXIT handler with the functions that it may call, as one script
   */
  leave(): Handler | undefined {
    const scope = this.#scopes.pop();
    const handler = scope?.handlers.get('EXIT');
    if (scope === undefined || handler === undefined) return undefined;
    const functions = serialize({ type: 'Script', statements: scope.functions });
    return { ...handler, text: `${functions}\n${handler.text}` };
  }

  /** Functions that the innermost shell defines. */
  define(functions: readonly StatementNode[]): void {
    this.#scopes.at(-1)?.functions.push(...functions);
  }

  set(signal: string, handler: Handler): void {
    this.#scopes.at(-1)?.handlers.set(signal, handler);
  }

  reset(signal: string): void {
    this.#scopes.at(-1)?.handlers.delete(signal);
  }

  list(): [string, string][] {
    return [...(this.#scopes.at(-1)?.handlers ?? [])].map(([signal, { text }]) => [signal, text]);
  }
}
