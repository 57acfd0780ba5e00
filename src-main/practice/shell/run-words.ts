import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import { latin1FromBytes } from 'just-bash';
import { quote } from '../../core/shell/quote';
import { status } from './answers';

/** Runs a command given as words in the present shell's environment, with the standard input that is left to it, or another (latin1). */
export async function runWords(
  words: readonly string[],
  ctx: ResolvedCommandContext,
  options: { signal?: AbortSignal; stdin?: string } = {},
): Promise<ExecResult> {
  if (ctx.exec === undefined || words.length === 0) return status(words.length === 0 ? 0 : 127);
  const signals = [ctx.signal, options.signal].filter((signal) => signal !== undefined);
  return ctx.exec(words.map(quote).join(' '), {
    cwd: ctx.cwd,
    env: { ...ctx.exportedEnv },
    replaceEnv: true,
    stdin: options.stdin ?? latin1FromBytes(ctx.stdin),
    stdinKind: 'bytes',
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
  });
}
