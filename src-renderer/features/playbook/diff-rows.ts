/** A line on one side of a difference, numbered as in its file, from 1. */
export interface DiffCell {
  readonly number: number;
  readonly text: string;
}

/** A row of a difference, before on the left and after on the right. `gap` stands for lines that are the same and left out. */
export interface DiffRow {
  readonly kind: 'same' | 'changed' | 'added' | 'removed' | 'gap';
  readonly before: DiffCell | null;
  readonly after: DiffCell | null;
}

/** A line of a unified difference. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'gap';
  readonly text: string;
}

const gap: DiffRow = { kind: 'gap', before: null, after: null };

/**
 * The rows of a unified diff (as `diff -u` prints it, one file) for showing it side by side: what was taken away stands beside
 * what came in its place. Lines before the first hunk (the file names) and notes ("\ No newline…") are left out.
 */
export function diffRows(diff: string): DiffRow[] {
  const rows: DiffRow[] = [];
  let removed: DiffCell[] = [];
  let added: DiffCell[] = [];
  const settle = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      const [before, after] = [removed[at] ?? null, added[at] ?? null];
      rows.push({ kind: before && after ? 'changed' : before ? 'removed' : 'added', before, after });
    }
    [removed, added] = [[], []];
  };
  for (const line of numbered(diff)) {
    if (line.kind === 'removed') removed.push({ number: line.before, text: line.text });
    else if (line.kind === 'added') added.push({ number: line.after, text: line.text });
    else {
      settle();
      if (line.kind === 'gap') rows.push(gap);
      else
        rows.push({
          kind: 'same',
          before: { number: line.before, text: line.text },
          after: { number: line.after, text: line.text },
        });
    }
  }
  settle();
  return rows;
}

/** The lines of a unified diff without its head, for showing it in one column. */
export function diffLines(diff: string): DiffLine[] {
  return numbered(diff).map(({ kind, text }) => ({ kind, text }));
}

interface Numbered extends DiffLine {
  readonly before: number;
  readonly after: number;
}

function numbered(diff: string): Numbered[] {
  const found: Numbered[] = [];
  let [before, after] = [0, 0];
  /** Lines that the hunk still has on each side: a line that looks like a head may belong to the text. */
  let [oldLeft, newLeft] = [0, 0];
  for (const line of diff.split('\n')) {
    if (oldLeft === 0 && newLeft === 0) {
      const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
      if (!head) continue;
      [before, after] = [Number(head[1]), Number(head[3])];
      [oldLeft, newLeft] = [Number(head[2] ?? 1), Number(head[4] ?? 1)];
      if (found.length > 0 || Math.max(before, after) > 1)
        found.push({ kind: 'gap', text: '', before, after });
      continue;
    }
    const text = line.slice(1);
    if (line.startsWith('+')) {
      found.push({ kind: 'added', text, before, after: after++ });
      newLeft--;
    } else if (line.startsWith('-')) {
      found.push({ kind: 'removed', text, before: before++, after });
      oldLeft--;
    } else if (!line.startsWith('\\')) {
      found.push({ kind: 'same', text, before: before++, after: after++ });
      oldLeft--;
      newLeft--;
    }
  }
  return found;
}
