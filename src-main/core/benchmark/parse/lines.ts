/** Longer lines are cut: no tool read here prints longer ones, and every pattern stays cheap. */
export const LINE_LIMIT = 4096;

/** CSI sequences, the string sequences with their terminator, and two-character ones. */
const SEQUENCES =
  /\u001B(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001B]{0,512}(?:\u0007|\u001B\\)|[ -/]{0,4}[0-~])/g;
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFEFF]/g;
/** Open MPI (`--tag-output`, 4 and 5), srun `-l`, and the time that log collectors write in front. */
const PREFIXES = [
  /^\[\d{4}-\d\d-\d\dT[\d:.,]{8,16}Z?\] ?/,
  /^\[(?:[\w.-]{1,80}@)?\d{1,10},\d{1,6}\]<std(?:out|err|diag)>: ?/,
  /^\d{1,4}: /,
];

/**
 * One printed line as the tool wrote it: without colours, NULs and other control characters (tabs stay), what MPI or a
 * log puts in front, and trailing space.
 */
export function cleanLine(raw: string, limit = LINE_LIMIT): string {
  let line = raw.length > limit ? raw.slice(0, limit) : raw;
  if (/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFEFF]/.test(line)) {
    line = line.replace(SEQUENCES, '').replace(CONTROLS, '');
  }
  for (const prefix of PREFIXES) line = line.replace(prefix, '');
  return line.trimEnd();
}

/** Calls `take` for every line; the last one is not `ended` when the text stops within it. A lone CR ends a line as well. */
export function eachLine(text: string, take: (line: string, ended: boolean) => void): void {
  let from = 0;
  while (from < text.length) {
    const feed = text.indexOf('\n', from);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(from, end);
    const parts = line.includes('\r') ? line.split('\r') : [line];
    parts.forEach((part, index) => take(part, feed >= 0 || index < parts.length - 1));
    from = end + 1;
  }
}

/** Words between blanks; at most `limit` of them, null when there are more. */
export function words(line: string, limit = 40): string[] | null {
  const found = line.trim().split(/\s+/, limit + 1);
  return found.length > limit ? null : found;
}
