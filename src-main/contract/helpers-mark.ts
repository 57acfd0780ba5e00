/**
 * Commands begin with small functions that many of them share. They stand between these two lines, so that a plan can
 * be shown with each of them said once, while what runs stays exactly what the plan holds.
 */
export const helpersBegin = '#{ helper functions';
export const helpersEnd = '#}';

/** A line of a script, or the place where helper functions stand. */
export type ScriptLine = { readonly text: string } | { readonly helpers: string };

/** The lines of a script with its marked parts taken out as one piece each. An unclosed mark folds nothing. */
export function foldHelpers(script: string): ScriptLine[] {
  const folded: ScriptLine[] = [];
  const lines = script.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const end = line.endsWith(helpersBegin) ? lines.indexOf(helpersEnd, at) : -1;
    if (end < 0) {
      folded.push({ text: line });
      continue;
    }
    // The mark may follow the opening quote of a script that is written to a file.
    const before = line.slice(0, -helpersBegin.length);
    if (before !== '') folded.push({ text: before });
    folded.push({ helpers: lines.slice(at + 1, end).join('\n') });
    at = end;
  }
  return folded;
}
