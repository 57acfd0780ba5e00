/** Whole escape sequences: CSI, string sequences with their terminator, and two-character ones. */
const sequences =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c\n]{0,4096}(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;

/** Controls, and characters that are not seen or that change the order of others. Line feed and tab stay. */
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufdd0-\ufdef\ufff9-\ufffb]|\p{Surrogate}|[\u{e0000}-\u{e0fff}]/gu;

/**
 * Text from outside as characters that are only seen: escape sequences are taken out, what else is hidden becomes U+FFFD.
 * Done before anything is masked: no renderer afterwards may bring together what stood apart.
 */
export function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(sequences, '').replace(hidden, '\ufffd');
}

/** Every string in `value`, at any depth, through `change`; `path` is the names of the members that lead to it. */
export function mapStrings<T>(value: T, change: (text: string, path: string) => string): T {
  return mapped(value, change, '') as T;
}

function mapped(value: unknown, change: (text: string, path: string) => string, path: string): unknown {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((member) => mapped(member, change, path));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, mapped(member, change, `${path}.${key}`)]),
  );
}

/** Every string in `value`, at any depth. */
export function* stringsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value !== null && typeof value === 'object') {
    for (const member of Object.values(value)) yield* stringsOf(member);
  }
}

/**
 * The beginning of a text, or its end, without a word that was cut in two: half a name would be known to nobody who hides
 * names. At most `limit` characters and a mark.
 */
export function shortened(text: string, limit: number, keep: 'beginning' | 'end'): string {
  if (text.length <= limit) return text;
  if (keep === 'beginning') return `${text.slice(0, limit).replace(/\S*$/, '')}…`;
  const end = text.slice(-limit);
  const space = end.search(/\s/);
  return `…${space < 0 ? '' : end.slice(space)}`;
}
