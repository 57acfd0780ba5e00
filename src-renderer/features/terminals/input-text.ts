/** Every control character but tab and line ends. An escape would let a text close the bracket that holds it. */
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
const lineEnds = /\r\n|[\r\n\u0085\u2028\u2029]/g;

/** Text for a terminal: control characters taken out, every line end as `\n`. */
export function cleanText(text: string): string {
  return text.replace(lineEnds, '\n').replace(controls, '');
}

/** A shell that has asked for brackets takes what stands between them as text and runs none of it. */
export function bracketed(text: string): string {
  return `\u001b[200~${text.replaceAll('\n', '\r')}\u001b[201~`;
}

/** What is pasted, and whether it runs something by itself: then the person is asked. */
export interface Paste {
  /** Goes to the terminal. */
  readonly data: string;
  /** The lines as they are shown. */
  readonly lines: readonly string[];
  readonly ask: boolean;
}

/** @param brackets whether the program in the terminal has asked for them */
export function preparePaste(text: string, brackets: boolean): Paste {
  const clean = cleanText(text);
  return {
    data: brackets ? bracketed(clean) : clean.replaceAll('\n', '\r'),
    lines: clean.replace(/\n$/, '').split('\n'),
    ask: !brackets && clean.includes('\n'),
  };
}

/**
 * A command as it is typed without being run: no line end is sent but inside brackets, and none at the end at all. null when
 * it has several lines and the shell takes no brackets: each line end would run what stands before it, and lines joined
 * into one are another command.
 */
export function typedText(text: string, brackets: boolean): string | null {
  const clean = cleanText(text).replace(/^\n+|\s+$/g, '');
  if (clean === '') return null;
  if (brackets) return bracketed(clean);
  // A tab would ask the shell to complete.
  return clean.includes('\n') ? null : clean.replaceAll('\t', ' ');
}
