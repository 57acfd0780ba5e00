import { parse, type ScriptNode, type SimpleCommandNode, type StatementNode } from 'just-bash';

/*
 * What the scripts use of POSIX sh and the in-memory interpreter lacks or does in another way, said with what it has.
 * Works on the parsed script, so that quoting is no matter:
 * - `[!…]` in the patterns of `case` is taken for a set that contains `!`; `[^…]` means the same and works.
 * - umask is no part of a subshell's state: subshells that set it get it put back in the end.
 * - commands cannot see what `exec N>file` opened: it is told to `__fd_open`, where flock looks.
 * - trap handlers run after the script, which leaves neither variables nor functions behind: the former are noted before
 *   each `exit` and at the end, the latter are collected.
 */

/** Names of the commands that rewritten scripts use beside those of a machine. */
export const hiddenCommands = {
  umaskPush: '__umask_push',
  umaskPop: '__umask_pop',
  open: '__fd_open',
  close: '__fd_close',
  note: '__state_note',
} as const;

export interface Rewritten {
  readonly script: ScriptNode;
  /** Definitions found anywhere in the script, in order. */
  readonly functions: readonly StatementNode[];
}

/** The script as the interpreter should run it; the one that is given stays as it is. */
export function rewrite(script: ScriptNode): Rewritten {
  const functions: StatementNode[] = [];
  const collect = (node: Tree) => {
    if (node['type'] === 'FunctionDef') functions.push(statementOf(node));
  };
  const whole = rewriteTree(script, collect) as ScriptNode;
  return { script: { ...whole, statements: [...whole.statements, ...noteState()] }, functions };
}

/** A node of the parsed script, whatever its kind. */
type Tree = Record<string, unknown>;

function rewriteTree(value: unknown, collect: (node: Tree) => void): unknown {
  if (Array.isArray(value)) return value.map((item) => rewriteTree(item, collect));
  if (!isTree(value)) return value;
  const node: Tree = {};
  for (const [field, child] of Object.entries(value)) {
    // The text of a statement is for `set -v` only.
    if (field !== 'sourceText') node[field] = rewriteTree(child, collect);
  }
  const result = rewriteNode(node);
  collect(result);
  return result;
}

function rewriteNode(node: Tree): Tree {
  switch (node['type']) {
    case 'CaseItem':
      return { ...node, patterns: (node['patterns'] as Tree[]).map(negations) };
    case 'Subshell':
      return { ...node, body: keepUmask(node['body'] as StatementNode[]) };
    case 'CommandSubstitution': {
      const body = node['body'] as ScriptNode;
      return { ...node, body: { ...body, statements: keepUmask(body.statements) } };
    }
    case 'SimpleCommand':
      return literalName(node) === 'exit'
        ? group([...noteState(), statementOf(node)])
        : trackDescriptors(node);
    default:
      return node;
  }
}

function negations(word: Tree): Tree {
  const parts = (word['parts'] as Tree[]).map((part) =>
    part['type'] === 'Glob' ? { ...part, pattern: String(part['pattern']).replaceAll('[!', '[^') } : part,
  );
  return { ...word, parts };
}

/**
 * Where something of it fails under `set -e` the umask is not put back: then the script ends as well, unless somebody
 * catches the failure of a subshell that sets a umask.
 */
function keepUmask(body: StatementNode[]): StatementNode[] {
  const sets = body.some(({ pipelines }) =>
    pipelines.some(({ commands }) => commands.some((command) => literalName(command) === 'umask')),
  );
  if (!sets) return body;
  return [...statements(hiddenCommands.umaskPush), ...body, ...statements(`${hiddenCommands.umaskPop} $?`)];
}

/** `exec 9>>file` becomes `{ exec 9>>file; __fd_open 9 file; }`, `exec 9>&-` becomes `{ __fd_close 9; exec 9>&-; }`. */
function trackDescriptors(node: Tree): Tree {
  const { name, args, assignments, redirections } = node as unknown as SimpleCommandNode;
  const [only, ...more] = redirections;
  const plain = literalName(node) === 'exec' && args.length === 0 && assignments.length === 0;
  if (!plain || name === null || only === undefined || more.length > 0) return node;
  const { fd, operator, target } = only;
  if (fd === null || fd < 3 || target.type !== 'Word') return node;
  const closes =
    target.parts.length === 1 && target.parts[0]?.type === 'Literal' && target.parts[0].value === '-';
  if (operator === '<&' || operator === '>&') {
    if (!closes) return node;
    return group([...statements(`${hiddenCommands.close} ${fd}`), statementOf(node)]);
  }
  if (!['<', '>', '>>', '<>', '>|'].includes(operator)) return node;
  const [told] = statements(`${hiddenCommands.open} ${fd} x`);
  const open = told?.pipelines[0]?.commands[0];
  if (told === undefined || open?.type !== 'SimpleCommand') return node;
  open.args = [...open.args.slice(0, 1), target];
  return group([statementOf(node), told]);
}

/** The command's name where it is a plain word. */
function literalName(command: unknown): string | undefined {
  if (!isTree(command) || command['type'] !== 'SimpleCommand') return undefined;
  const { name } = command as unknown as SimpleCommandNode;
  const [part, ...more] = name?.parts ?? [];
  return part?.type === 'Literal' && more.length === 0 ? part.value : undefined;
}

/** Leaves `$?` as it is. */
function noteState(): StatementNode[] {
  return statements(`${hiddenCommands.note} $?`);
}

function statements(text: string): StatementNode[] {
  return parse(text).statements;
}

function statementOf(command: Tree): StatementNode {
  const pipeline = { type: 'Pipeline', commands: [command], negated: false };
  return {
    type: 'Statement',
    pipelines: [pipeline],
    operators: [],
    background: false,
  } as unknown as StatementNode;
}

function group(body: StatementNode[]): Tree {
  return { type: 'Group', body, redirections: [] };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}
