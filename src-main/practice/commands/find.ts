import { basename } from '../machine/paths';
import { join, uidOf } from './describe';
import { formatted, glob, permissionBits, type Visit } from './find-values';
import { fail, program, reasonOf, Report, type Call } from './support';

interface State {
  readonly call: Call;
  readonly report: Report;
  /** Directories that `-prune` keeps out of. */
  readonly pruned: Set<string>;
  /** Set by `-quit`. */
  quit: boolean;
}

type Test = (visit: Visit, state: State) => boolean | Promise<boolean>;

/** What `-exec … {} +` has gathered. */
interface Batch {
  readonly words: readonly string[];
  readonly paths: string[];
}

interface Search {
  readonly test: Test;
  readonly least: number;
  readonly most: number;
  readonly batches: readonly Batch[];
}

const types = { f: 'file', d: 'directory', l: 'symlink' } as const;

/** Reads find's expression by recursive descent: `,` is left out, `-o` binds weakest, then and, then `!`. */
class Parser {
  #at = 0;
  #acts = false;
  least = 0;
  most = Infinity;
  readonly batches: Batch[] = [];

  constructor(
    private readonly words: readonly string[],
    private readonly call: Call,
  ) {}

  read(): Search {
    const tests = this.words.length === 0 ? () => true : this.#or();
    if (this.#at < this.words.length) fail(`find: unknown predicate '${this.words[this.#at] ?? ''}'`);
    const test: Test = this.#acts
      ? tests
      : async (visit, state) => (await tests(visit, state)) && print(visit, state);
    return { test, least: this.least, most: this.most, batches: this.batches };
  }

  #or(): Test {
    const options = [this.#and()];
    while (['-o', '-or'].includes(this.words[this.#at] ?? '')) {
      this.#at++;
      options.push(this.#and());
    }
    return async (visit, state) => {
      for (const option of options) if (await option(visit, state)) return true;
      return false;
    };
  }

  #and(): Test {
    const parts: Test[] = [];
    for (
      let word = this.words[this.#at];
      word !== undefined && !['-o', '-or', ')'].includes(word);
      word = this.words[this.#at]
    ) {
      if (word === '-a' || word === '-and') this.#at++;
      else parts.push(this.#not());
    }
    return async (visit, state) => {
      for (const part of parts) if (!(await part(visit, state))) return false;
      return true;
    };
  }

  #not(): Test {
    const word = this.words[this.#at];
    if (word === '!' || word === '-not') {
      this.#at++;
      const inner = this.#not();
      return async (visit, state) => !(await inner(visit, state));
    }
    if (word === '(') {
      this.#at++;
      const inner = this.#or();
      if (this.words[this.#at++] !== ')')
        fail("find: invalid expression; expected to find a ')' but didn't see one.");
      return inner;
    }
    return this.#primary();
  }

  #value(name: string): string {
    return this.words[this.#at++] ?? fail(`find: missing argument to '${name}'`);
  }

  #primary(): Test {
    const name = this.words[this.#at++] ?? '';
    switch (name) {
      case '-mindepth':
        this.least = Number(this.#value(name));
        return () => true;
      case '-maxdepth':
        this.most = Number(this.#value(name));
        return () => true;
      case '-xdev':
      case '-mount':
        return () => true;
      case '-type': {
        const wanted = this.#value(name).split(',');
        return ({ stat }) => wanted.some((one) => types[one as keyof typeof types] === stat.type);
      }
      case '-name':
      case '-iname': {
        const test = glob(this.#value(name), name === '-iname');
        return ({ shown }) => test(basename(shown));
      }
      case '-path': {
        const test = glob(this.#value(name), false);
        return ({ shown }) => test(shown);
      }
      case '-uid':
      case '-user': {
        const uid = uidOf(this.call, this.#value(name));
        return ({ stat }) => stat.uid === uid;
      }
      case '-empty':
        return async ({ stat, path }, { call }) =>
          stat.type === 'directory'
            ? (await call.fs.readdir(path)).length === 0
            : stat.type === 'file' && stat.size === 0;
      case '-perm':
        return permission(this.#value(name));
      case '-size': {
        const [, sign = '', count = '0', unit = 'b'] =
          /^([-+]?)(\d+)([cwbkMG]?)$/.exec(this.#value(name)) ?? [];
        const scale = { c: 1, w: 2, b: 512, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[unit] ?? 512;
        const compare = (size: number) => Math.ceil(size / scale) - Number(count);
        return ({ stat }) =>
          sign === '+'
            ? compare(stat.size) > 0
            : sign === '-'
              ? compare(stat.size) < 0
              : compare(stat.size) === 0;
      }
      case '-prune':
        return ({ path }, { pruned }) => pruned.add(path).size > 0;
      case '-true':
        return () => true;
      default:
        this.#acts = true;
        return this.#action(name);
    }
  }

  #action(name: string): Test {
    switch (name) {
      case '-print':
        return print;
      case '-print0':
        return ({ shown }, { report }) => (report.raw(`${shown}\0`), true);
      case '-printf': {
        const format = this.#value(name);
        return async (visit, { call, report }) => (report.raw(await formatted(call, format, visit)), true);
      }
      case '-quit':
        return (_, state) => (state.quit = true);
      case '-delete':
        return async ({ path }, { call }) => (await call.fs.rm(path), true);
      case '-exec': {
        const words: string[] = [];
        for (let word = this.#value(name); word !== ';'; word = this.#value(name)) {
          if (word === '+' && words.at(-1) === '{}') return this.#batch(words.slice(0, -1));
          words.push(word);
        }
        return async ({ shown }, state) =>
          (await execute(
            state,
            words.map((word) => word.replaceAll('{}', shown)),
          )) === 0;
      }
      default:
        return fail(`find: unknown predicate '${name}'`);
    }
  }

  #batch(words: readonly string[]): Test {
    const batch: Batch = { words, paths: [] };
    this.batches.push(batch);
    return ({ shown }) => batch.paths.push(shown) > 0;
  }
}

const print: Test = ({ shown }, { report }) => (report.say(shown), true);

async function execute({ call, report }: State, words: readonly string[]): Promise<number> {
  const [command = '', ...args] = words;
  if (call.ctx.exec === undefined) fail('find: cannot run a command here');
  const quoted = `'${command.replaceAll("'", "'\\''")}'`;
  const result = await call.ctx.exec(quoted, {
    cwd: call.cwd,
    args,
    ...(call.ctx.signal && { signal: call.ctx.signal }),
  });
  report.raw(result.stdout);
  if (result.stderr !== '') report.complain(result.stderr, report.status);
  return result.exitCode;
}

function permission(text: string): Test {
  const sign = /^[-/]/.exec(text)?.[0];
  const bits = permissionBits(sign === undefined ? text : text.slice(1));
  return ({ stat }) => {
    if (sign === '-') return (stat.mode & bits) === bits;
    return sign === '/' ? (stat.mode & bits) !== 0 : stat.mode === bits;
  };
}

export const find = program('find', async (call) => {
  const args = call.args[0] === '-P' ? call.args.slice(1) : call.args;
  const first = args.findIndex((word) => /^[-!(]/.test(word));
  const starts = first < 0 ? args : args.slice(0, first);
  const search = new Parser(first < 0 ? [] : args.slice(first), call).read();
  const state: State = { call, report: new Report(), pruned: new Set(), quit: false };
  for (const shown of starts.length === 0 ? ['.'] : starts) await visit(search, state, shown, 0);
  for (const { words, paths } of search.batches)
    if (paths.length > 0) await execute(state, [...words, ...paths]);
  return state.report.answer;
});

async function visit(search: Search, state: State, shown: string, depth: number): Promise<void> {
  if (state.quit) return;
  const { call, report } = state;
  const path = call.path(shown);
  try {
    const stat = await call.fs.lstatOwned(path);
    if (depth >= search.least) await search.test({ shown, path, depth, stat }, state);
    const pruned = state.pruned.delete(path);
    if (stat.type !== 'directory' || pruned || depth >= search.most) return;
    for (const name of await call.fs.readdir(path)) await visit(search, state, join(shown, name), depth + 1);
  } catch (error) {
    report.complain(`find: '${shown}': ${reasonOf(error)}`);
  }
}
