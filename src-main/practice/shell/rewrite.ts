import { parse, type ScriptNode, type SimpleCommandNode, type StatementNode } from 'just-bash';

/*
 * What the scripts use of POSIX sh and the in-memory interpreter lacks or does in another way, said with what it has.
 * Works on the parsed script, so that quoting is no matter:
 * - `[!…]` in the patterns of `case` is taken for a set that contains `!`; `[^…]` means the same and works.
 * - umask is no part of a subshell's state: subshells that set it get it put back in the end.
 * - commands cannot see what `exec N>file` opened: it is told to `__fd_open`, where flock looks.
 * - `command -v` finds commands of the machine whose programs are not installed: `__installed` is asked first.
 * - output comes when a script has ended: its last command, where it is one that prints while it runs, is told to `__live`.
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
  live: '__live',
  installed: '__installed',
} as const;

export interface Rewritten {
  readonly script: ScriptNode;
  /** Definitions found anywhere in the script, in order. */
  readonly functions: readonly StatementNode[];
}

/**
 * The script as the interpreter should run it; the one that is given stays as it is.
 * @param isLive says of a program whether it prints while it runs; left out where nobody reads along
 */
export function rewrite(script: ScriptNode, isLive?: (name: string) => boolean): Rewritten {
  const functions: StatementNode[] = [];
  const collect = (node: Tree) => {
    if (node['type'] === 'FunctionDef') functions.push(statementOf(node));
  };
  const whole = rewriteTree(isLive ? streamLast(script, isLive) : script, collect) as ScriptNode;
  return { script: { ...whole, statements: [...whole.statements, ...noteState()] }, functions };
}

/** The last command, where nothing but its program takes its output, becomes `__live COMMAND`. */
function streamLast(script: ScriptNode, isLive: (name: string) => boolean): ScriptNode {
  const last = script.statements.at(-1);
  const [pipeline, ...pipelines] = last?.pipelines ?? [];
  const [command, ...commands] = pipeline?.commands ?? [];
  if (last === undefined || last.background || pipeline === undefined || pipelines.length > 0) return script;
  if (command?.type !== 'SimpleCommand' || commands.length > 0 || command.redirections.length > 0)
    return script;
  const replaces = literalName(command) === 'exec';
  const words = [...(command.name === null || replaces ? [] : [command.name]), ...command.args];
  const end = words[0]?.parts.at(-1);
  if (end?.type !== 'Literal' || !isLive(end.value.slice(end.value.lastIndexOf('/') + 1))) return script;
  const [told] = statements(hiddenCommands.live);
  const live = told?.pipelines[0]?.commands[0];
  if (told === undefined || live?.type !== 'SimpleCommand') return script;
  live.args = words;
  live.assignments = command.assignments;
  return { ...script, statements: [...script.statements.slice(0, -1), told] };
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
      switch (literalName(node)) {
        case 'exit':
          return group([...noteState(), statementOf(node)]);
        case 'command':
          return lookUp(node);
        default:
          return trackDescriptors(node);
      }
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

/** `command -v NAME` becomes `{ __installed NAME && command -v NAME; }`. */
function lookUp(node: Tree): Tree {
  const [option, ...names] = (node as unknown as SimpleCommandNode).args;
  const [part, ...parts] = option?.parts ?? [];
  if (part?.type !== 'Literal' || part.value !== '-v' || parts.length > 0) return node;
  const [asked] = statements(`${hiddenCommands.installed} && true`);
  const [first, second] = asked?.pipelines ?? [];
  const question = first?.commands[0];
  if (asked === undefined || question?.type !== 'SimpleCommand' || second === undefined) return node;
  question.args = names;
  second.commands = [node as unknown as SimpleCommandNode];
  return group([asked]);
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
