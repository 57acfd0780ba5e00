import { helpersBegin, helpersEnd } from '../../contract/helpers-mark';

/** Text that a POSIX shell may parse: made by {@link sh} (every value quoted) or {@link raw} (a literal of ours). */
export interface Script {
  readonly text: string;
}

/**
 * The one quoting function: `word` as exactly one POSIX shell word.
 * Plain words stay readable; anything else goes into single quotes (POSIX.1-2024, 2.2.2).
 * @throws RangeError for NUL, which no argument vector can carry.
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('a shell word cannot contain NUL');
  if (/^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

type Value = string | number | Script | readonly string[];

function render(value: Value): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return quote(String(value));
  if ('text' in value) return value.text;
  return value.map(quote).join(' ');
}

/**
 * A script from a template: strings and numbers become one quoted word each, arrays several, scripts are kept.
 * @example sh`install -m 0600 ${source} ${target}`
 */
export function sh(parts: TemplateStringsArray, ...values: Value[]): Script {
  let text = parts[0] ?? '';
  values.forEach((value, index) => (text += render(value) + (parts[index + 1] ?? '')));
  return { text };
}

/** A script from a literal of our own source. Never call it with text that came from outside. */
export function raw(text: string): Script {
  return { text };
}

/** Scripts one after the other, a line each. */
export function lines(...scripts: Script[]): Script {
  return { text: scripts.map((script) => script.text).join('\n') };
}

/** Marks functions that many scripts share, so that a plan shows them once. */
export function helpers(script: Script): Script {
  return { text: `${helpersBegin}\n${script.text}\n${helpersEnd}` };
}
