import {
  bytesOutput,
  decodeBytesToUtf8,
  defineCommand,
  stdoutAsBytes,
  textOutput,
  unsafeBytesFromLatin1,
  type Command,
  type ExecResult,
  type ResolvedCommandContext,
} from 'just-bash';
import { Buffer } from 'node:buffer';
import { complains, status, stdinOf } from './answers';
import { awkArguments } from './awk-options';
import { grepCall, type GrepCall } from './grep-options';
import type { RunContext } from './run-context';
import { runWords } from './run-words';

/** Text tools of which the interpreter's own lack options, and those that it has not. */
export function optionCommands({ machine }: RunContext): Command[] {
  return [
    ...['grep', 'egrep', 'fgrep'].map((name) =>
      defineCommand(name, async (args, ctx) => {
        const call = grepCall(args);
        const read = () =>
          call.zeros ? grepZeros(call, ctx) : call.named ? grepEach(call, ctx) : grep(call, call.files, ctx);
        const result = await machine.node.atOnce(read);
        return call.silent ? { ...result, stderr: '' } : result;
      }),
    ),
    defineCommand('awk', async (args, ctx) => (await ctx.origCommand?.(awkArguments(args))) ?? status(127)),
    defineCommand('od', async (args, ctx) => {
      const { hex, plain, path } = odOptions(args);
      if (!hex || !plain) return (await ctx.origCommand?.(args)) ?? status(127);
      const bytes = path === undefined ? stdinOf(ctx) : await contentOf(path, ctx);
      if (bytes === undefined) return complains(`od: ${path}: No such file or directory`);
      const text = [...bytes].map((byte, index) => hexByte(byte, index)).join('');
      return { stdout: bytes.length === 0 ? '' : `${text}\n`, stderr: '', exitCode: 0 };
    }),
    defineCommand('cmp', async (args, ctx) => {
      const silent = args.includes('-s');
      const [one = '', two = ''] = args.filter((arg) => arg === '-' || !arg.startsWith('-'));
      const [a, b] = [await contentOf(one, ctx), await contentOf(two, ctx)];
      if (a === undefined || b === undefined) {
        const missing = a === undefined ? one : two;
        return silent ? status(2) : complains(`cmp: ${missing}: No such file or directory`, 2);
      }
      if (a.equals(b)) return status(0);
      const at = a.findIndex((byte, index) => byte !== b[index]);
      return silent ? status(1) : { ...status(1), stdout: difference(one, two, a, b, at) };
    }),
    defineCommand('yes', (args) => {
      // A pipe takes what it needs; on a terminal the stream has no end (see the terminal).
      const line = `${args.length === 0 ? 'y' : args.join(' ')}\n`;
      const text = Buffer.from(line.repeat(Math.ceil(pipeBytes / line.length))).toString('latin1');
      return Promise.resolve({ ...bytesOutput(unsafeBytesFromLatin1(text)), stderr: '', exitCode: 0 });
    }),
  ];
}

const pipeBytes = 1024 * 1024;

async function grep(
  call: GrepCall,
  files: readonly string[],
  ctx: ResolvedCommandContext,
): Promise<ExecResult> {
  const pattern = call.pattern === undefined ? [] : [call.pattern];
  return (await ctx.origCommand?.([...call.options, '--', ...pattern, ...files])) ?? status(127);
}

/** One file after the other, each line after the file's name. */
async function grepEach(call: GrepCall, ctx: ResolvedCommandContext): Promise<ExecResult> {
  let [stdout, stderr, worst, found] = ['', '', 1, false];
  for (const file of call.files) {
    const result = await grep(call, [file], ctx);
    const lines = decodeBytesToUtf8(stdoutAsBytes(result)).split('\n');
    if (lines.at(-1) === '') lines.pop();
    stdout += lines.map((line) => `${file}:${line}\n`).join('');
    stderr += result.stderr;
    found ||= result.exitCode === 0;
    worst = Math.max(worst, result.exitCode);
  }
  // A file that cannot be read counts more than a match, but for -q.
  return { ...textOutput(stdout), stderr, exitCode: found && worst === 1 ? 0 : worst };
}

/** Files whose lines end with NUL: each is searched as if they ended as others do. */
async function grepZeros(call: GrepCall, ctx: ResolvedCommandContext): Promise<ExecResult> {
  const lists = call.options.some((option) => /^-[A-Za-z]*l/.test(option));
  const pattern = call.pattern === undefined ? [] : [call.pattern];
  let [stdout, stderr, found] = ['', '', false];
  for (const file of call.files) {
    const bytes = await contentOf(file, ctx);
    if (bytes === undefined) {
      stderr += `grep: ${file}: No such file or directory\n`;
      continue;
    }
    const lines = bytes.toString('latin1').replaceAll('\n', ' ').replaceAll('\0', '\n');
    const words = ['grep', ...call.options, '--', ...pattern];
    const result = await runWords(words, ctx, { stdin: lines });
    found ||= result.exitCode === 0;
    if (lists) stdout += result.exitCode === 0 ? `${file}\n` : '';
    else stdout += decodeBytesToUtf8(stdoutAsBytes(result)).replaceAll('\n', '\0');
  }
  return { ...textOutput(stdout), stderr, exitCode: found ? 0 : stderr === '' ? 1 : 2 };
}

function odOptions(args: readonly string[]) {
  const joined = args.filter((arg) => arg.startsWith('-')).join('');
  const words = args.filter((arg, index) => !arg.startsWith('-') && !/^-[Atj]$/.test(args[index - 1] ?? ''));
  const values = args.filter((_, index) => /^-[Atj]$/.test(args[index - 1] ?? ''));
  const all = `${joined} ${values.join(' ')}`;
  return { hex: /\bt?x1\b/.test(all) || all.includes('tx1'), plain: /An|\bn\b/.test(all), path: words[0] };
}

/** Sixteen to a line, each after a space. */
function hexByte(byte: number, index: number): string {
  return `${index > 0 && index % 16 === 0 ? '\n' : ''} ${byte.toString(16).padStart(2, '0')}`;
}

async function contentOf(path: string, ctx: ResolvedCommandContext): Promise<Buffer | undefined> {
  if (path === '-') return stdinOf(ctx);
  try {
    return Buffer.from(await ctx.fs.readFileBuffer(ctx.fs.resolvePath(ctx.cwd, path)));
  } catch {
    return undefined;
  }
}

function difference(one: string, two: string, a: Buffer, b: Buffer, at: number): string {
  if (at < 0 || at >= b.length)
    return `cmp: EOF on ${at < 0 ? one : two} after byte ${Math.min(a.length, b.length)}\n`;
  const line = a.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
  return `${one} ${two} differ: byte ${at + 1}, line ${line}\n`;
}
