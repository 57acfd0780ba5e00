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
  const ask = <T>(question: () => Promise<T | typeof CANCEL_SYMBOL>, signal?: AbortSignal): Promise<T> => {
    // Both nodes are connected at once and may both ask.
    const answer = last.then(async () => {
      if (signal?.aborted === true) throw new Failure('CANCELLED');
      const given = await question();
      if (isCancel(given)) throw new Failure('CANCELLED');
      return given;
    });
    last = answer.catch(() => undefined);
    return answer;
  };
  const common = (signal: AbortSignal | undefined) => ({
    input: stdin,
    output: stderr,
    ...(signal ? { signal } : {}),
  });
  return {
    confirm: (message, signal) =>
      ask(() => confirm({ message, initialValue: false, ...common(signal) }), signal),
    choose: <T extends string>(message: string, choices: readonly Choice<T>[], signal?: AbortSignal) =>
      ask<string>(
        () =>
          select<string>({
            message,
            options: choices.map(({ value, label, hint }) => ({
              value,
              label,
              ...(hint === undefined ? {} : { hint }),
            })),
            ...common(signal),
          }),
        signal,
      ) as Promise<T>,
    text: (message, signal) => ask(() => text({ message, ...common(signal) }), signal),
    secret: (message, signal) => ask(() => password({ message, mask: '', ...common(signal) }), signal),
  };
}
