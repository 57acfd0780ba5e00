import { serialize, type StatementNode } from 'just-bash';

/** Variables and folder of a shell. */
export interface ShellState {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What is to run when a shell ends, in the state that it ended in. */
export interface Handler extends ShellState {
  readonly text: string;
}

interface Scope {
  readonly handlers: Map<string, string>;
  readonly functions: StatementNode[];
  last: ShellState | undefined;
}

function newScope(): Scope {
  return { handlers: new Map(), functions: [], last: undefined };
}

/** Trap handlers of a shell and of the shells that run inside it (`sh -c …`), innermost last. */
export class Traps {
  readonly #scopes: Scope[] = [newScope()];

  /** A shell inside the present one begins. */
  enter(): void {
    this.#scopes.push(newScope());
  }

  /**
   * The innermost shell ends.
   * @returns its EXIT handler with the functions that it may call, as one script
   */
  leave(): Handler | undefined {
    const scope = this.#scopes.pop();
    const text = scope?.handlers.get('EXIT');
    if (scope?.last === undefined || text === undefined) return undefined;
    const functions = serialize({ type: 'Script', statements: scope.functions });
    return { ...scope.last, text: `${functions}\n${text}` };
  }

  /**
   * Tells the state of the innermost shell. The interpreter keeps none of a shell that `exit`, `set -e` or a signal
   * ends, so it is noted on the way: before each `exit`, at the end, and whenever a command is run.
   */
  note(env: ReadonlyMap<string, string>, cwd: string): void {
    const scope = this.#scopes.at(-1);
    if (scope === undefined || scope.handlers.size === 0) return;
    scope.last = { env: Object.fromEntries([...env].filter(([name]) => isVariable(name))), cwd };
  }

  /** Functions that the innermost shell defines. */
  define(functions: readonly StatementNode[]): void {
    this.#scopes.at(-1)?.functions.push(...functions);
  }

  set(signal: string, text: string): void {
    this.#scopes.at(-1)?.handlers.set(signal, text);
  }

  reset(signal: string): void {
    this.#scopes.at(-1)?.handlers.delete(signal);
  }

  list(): [string, string][] {
    return [...(this.#scopes.at(-1)?.handlers ?? [])];
  }
}

const ownVariables = new Set(['SHELLOPTS', 'BASHOPTS', 'OLDPWD', 'PWD', 'OPTIND', '_']);

/** Whether a name is a script's variable and not one of the shell's own. */
export function isVariable(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !ownVariables.has(name);
}
