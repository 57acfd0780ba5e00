import { quote } from '../../api/quote';
import type { PlannedCommand } from '../../api/types';

/**
 * A command of a plan as one line of a shell's input, to be typed into a terminal and not run: the text is quoted as a whole, so
 * that no line break in it ends the command. Null where it reads what a person cannot type (a secret, another command's output).
 */
export function typedCommand({ script, root, stdin }: PlannedCommand): string | null {
  const run = `${root ? 'sudo ' : ''}sh -c ${quote(script.replace(/\n+$/, ''))}`;
  switch (stdin?.kind) {
    case undefined:
      return run;
    case 'text':
      return `printf %s ${quote(stdin.text)} | ${run}`;
    case 'secret':
    case 'output':
      return null;
  }
}
