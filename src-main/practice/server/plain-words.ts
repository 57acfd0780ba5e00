import { parse, type WordNode } from 'just-bash';

/** A line that is one command without expansions or redirections. */
export interface PlainLine {
  readonly assignments: readonly (readonly [name: string, value: string])[];
  readonly words: readonly string[];
}

/** Undefined for any other line. */
export function plainLine(line: string): PlainLine | undefined {
  try {
    const [statement, ...more] = parse(line).statements;
    const command = statement?.pipelines[0]?.commands[0];
    if (statement === undefined || more.length > 0 || statement.background) return undefined;
    if (statement.pipelines.length !== 1 || statement.pipelines[0]?.commands.length !== 1) return undefined;
    if (command?.type !== 'SimpleCommand' || command.name === null) return undefined;
    if (command.redirections.length > 0) return undefined;
    const assignments = command.assignments.flatMap(({ name, value, append, array }) => {
      const text = value === null ? '' : plainWord(value);
      return text === undefined || append || array !== null ? [] : [[name, text] as const];
    });
    const words = [command.name, ...command.args].flatMap((word) => plainWord(word) ?? []);
    const whole =
      words.length === command.args.length + 1 && assignments.length === command.assignments.length;
    return whole ? { assignments, words } : undefined;
  } catch {
    return undefined;
  }
}

function plainWord(word: WordNode): string | undefined {
  let text = '';
  for (const part of word.parts) {
    if (part.type !== 'Literal' && part.type !== 'SingleQuoted' && part.type !== 'Escaped') return undefined;
    text += part.value;
  }
  return text;
}
