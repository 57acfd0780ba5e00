import { bytesOutput, defineCommand, unsafeBytesFromLatin1, type Command } from 'just-bash';
import { Buffer } from 'node:buffer';
import { complains, status } from './answers';
import type { RunContext } from './run-context';
import { runWords } from './run-words';
import { probeSection, type ProbeSection } from './wrap';

/** Processes and time: what starts, ends and waits for them. */
export function processCommands(run: RunContext): Command[] {
  return [
    defineCommand('kill', (args) => Promise.resolve(kill(run, args))),
    defineCommand('sleep', async (args, ctx) => {
      const seconds = args.map(duration).reduce((sum, part) => sum + part, 0);
      if (args.length === 0 || !Number.isFinite(seconds)) {
        return complains(`sleep: invalid time interval '${args.join(' ')}'`);
      }
      await pause(seconds * 1000, ctx.signal);
      return status(0);
    }),
    // All that is written is there at once.
    defineCommand('sync', async (args, ctx) => {
      for (const path of args.filter((arg) => !arg.startsWith('-'))) {
        const whole = ctx.fs.resolvePath(ctx.cwd, path);
        if (!(await ctx.fs.exists(whole))) {
          return complains(`sync: error opening '${path}': No such file or directory`);
        }
      }
      return status(0);
    }),
    defineCommand('timeout', async (args, ctx) => {
      const probed = probeSection(args);
      if (probed !== undefined) return runSection(run, probed, ctx.cwd, ctx.exportedEnv ?? {});
      const words = [...args];
      while (words[0]?.startsWith('-') === true) {
        if (/^-[sk]$/.test(words.shift() ?? '')) words.shift();
      }
      const seconds = duration(words.shift() ?? '');
      if (!Number.isFinite(seconds)) return complains('timeout: invalid time interval', 125);
      const limit = AbortSignal.timeout(Math.ceil(seconds * 1000));
      const result = await runWords(words, ctx, seconds === 0 ? {} : { signal: limit });
      return limit.aborted && seconds !== 0 ? { ...result, stderr: '', exitCode: 124 } : result;
    }),
    ...['setsid', 'nohup', 'stdbuf'].map((name) =>
      defineCommand(name, (args, ctx) => runWords(withoutOptions(args), ctx)),
    ),
  ];
}

function kill(run: RunContext, args: readonly string[]) {
  const words = [...args];
  let signal = 'TERM';
  if (words[0] === '-s') [, signal = 'TERM'] = words.splice(0, 2);
  else if (/^-[A-Z0-9]+$/.test(words[0] ?? '') && words.length > 1) signal = (words.shift() ?? '').slice(1);
  if (words[0] === '--') words.shift();
  const name =
    ({ '1': 'HUP', '2': 'INT', '9': 'KILL', '15': 'TERM' } as Record<string, string>)[signal] ?? signal;
  const missing = words.filter((word) => {
    const pid = Math.abs(Number(word));
    return pid !== 1 && !run.machine.processes.kill(pid, name.replace(/^SIG/, ''));
  });
  if (words.length === 0) return complains('kill: usage: kill [-s sigspec] pid', 2);
  return missing.length === 0
    ? status(0)
    : complains(missing.map((word) => `sh: kill: (${word}) - No such process`).join('\n'));
}

/** A section of the probe in a shell of its own; prints what the probe's wrapper prints. */
async function runSection(
  run: RunContext,
  section: ProbeSection,
  cwd: string,
  env: Readonly<Record<string, string>>,
) {
  const limit = AbortSignal.timeout(section.seconds * 1000);
  const { caller } = run;
  const request = { caller, script: section.script, cwd, env, replaceEnv: true, signal: limit };
  const { stdout, stderr, code } = await run.run(request);
  if (limit.aborted) return status(137);
  const kept = Buffer.concat([stdout, Buffer.from(`\n${code}`)]).subarray(0, section.maxBytes);
  // Command substitution drops line ends at the end, and cannot hold NUL.
  const said = stderr
    .subarray(0, section.maxErrorBytes)
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/\n+$/, '');
  const line = `${kept.toString('base64')} ${Buffer.from(said, 'latin1').toString('base64')}`;
  return { ...bytesOutput(unsafeBytesFromLatin1(line)), stderr: '', exitCode: 0 };
}

const units: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds; NaN for what is no duration. */
function duration(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text) ?? [];
  return number === undefined ? Number.NaN : Number(number) * (units[unit] ?? Number.NaN);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

function withoutOptions(args: readonly string[]): string[] {
  const first = args.findIndex((arg) => !arg.startsWith('-'));
  return first < 0 ? [] : args.slice(first);
}
