import {
  bytesOutput,
  defineCommand,
  unsafeBytesFromLatin1,
  type Command,
  type ResolvedCommandContext,
} from 'just-bash';
import { Buffer } from 'node:buffer';
import { complains, status, stdinOf } from './answers';

/** Text tools of which the interpreter's own lack options, and those that it has not. */
export function optionCommands(): Command[] {
  return [
    ...['grep', 'egrep', 'fgrep'].map((name) =>
      defineCommand(name, async (args, ctx) => {
        const { words, silent } = grepOptions(args);
        const result = (await ctx.origCommand?.(words)) ?? status(127);
        return silent ? { ...result, stderr: '' } : result;
      }),
    ),
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
/** Options of grep whose value is the rest of the word, or the next word. */
const valued = 'efmABCdD';

/** `-a` (files are text here anyway) and `-s` taken out of the options. */
function grepOptions(args: readonly string[]): { words: string[]; silent: boolean } {
  const words: string[] = [];
  let silent = false;
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      words.push(word, ...rest);
      break;
    }
    if (!/^-[A-Za-z]/.test(word)) {
      words.push(word);
      continue;
    }
    let kept = '-';
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (letter === 's') silent = true;
      else if (letter !== 'a') kept += letter;
      if (!valued.includes(letter)) continue;
      const value = at + 1 < word.length ? word.slice(at + 1) : rest.shift();
      kept += letter === 'm' ? (value ?? '') : '';
      words.push(kept, ...(letter === 'm' || value === undefined ? [] : [value]));
      kept = '-';
      break;
    }
    if (kept !== '-') words.push(kept);
  }
  return { words, silent };
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
