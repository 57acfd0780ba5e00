import { stderr, stdin } from 'node:process';
import type { CANCEL_SYMBOL } from '@clack/prompts';
import { Failure } from '../../core/failure';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** Questions to a person. One at a time; an answer withheld (Ctrl-C, Escape) throws CANCELLED. */
export interface Asker {
  confirm(question: string, signal?: AbortSignal): Promise<boolean>;
  choose<T extends string>(question: string, choices: readonly Choice<T>[], signal?: AbortSignal): Promise<T>;
  text(question: string, signal?: AbortSignal): Promise<string>;
  /** Nothing of the answer is shown. */
  secret(question: string, signal?: AbortSignal): Promise<string>;
}

/** Asks on the terminal. Questions go to standard error: standard output may be read by a program. */
export async function terminalAsker(): Promise<Asker> {
  const { confirm, isCancel, password, select, text } = await import('@clack/prompts');
  let last: Promise<unknown> = Promise.resolve();
  const ask = <T>(
    question: (common: {
      input: typeof stdin;
      output: typeof stderr;
      signal: AbortSignal;
    }) => Promise<T | typeof CANCEL_SYMBOL>,
    outer?: AbortSignal,
  ): Promise<T> => {
    // Both nodes are connected at once and may both ask.
    const answer = last.then(async () => {
      if (outer?.aborted === true) throw new Failure('CANCELLED');
      // A question listens to its signal for ever, and would close the terminal under a later one when it aborts.
      const own = new AbortController();
      const follow = () => own.abort();
      outer?.addEventListener('abort', follow);
      try {
        const given = await question({ input: stdin, output: stderr, signal: own.signal });
        if (isCancel(given)) throw new Failure('CANCELLED');
        return given;
      } finally {
        outer?.removeEventListener('abort', follow);
      }
    });
    last = answer.catch(() => undefined);
    return answer;
  };
  return {
    confirm: (message, signal) =>
      ask((common) => confirm({ message, initialValue: false, ...common }), signal),
    choose: <T extends string>(message: string, choices: readonly Choice<T>[], signal?: AbortSignal) =>
      ask<string>(
        (common) =>
          select<string>({
            message,
            options: choices.map(({ value, label, hint }) => ({
              value,
              label,
              ...(hint === undefined ? {} : { hint }),
            })),
            ...common,
          }),
        signal,
      ) as Promise<T>,
    text: (message, signal) => ask((common) => text({ message, ...common }), signal),
    secret: (message, signal) => ask((common) => password({ message, mask: '', ...common }), signal),
  };
}
