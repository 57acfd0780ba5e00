import { createTwoFilesPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { diffLines, diffRows } from '../../../../src-renderer/features/playbook/diff-rows';

const patch = (before: string, after: string) => createTwoFilesPatch('a', 'b', before, after);
const shown = (diff: string) =>
  diffRows(diff).map(({ kind, before, after }) => [
    kind,
    before && `${before.number} ${before.text}`,
    after && `${after.number} ${after.text}`,
  ]);

describe('diffRows', () => {
  it('puts what came beside what went, and keeps the rest in step', () => {
    expect(shown(patch('one\ntwo\nthree\n', 'one\nTWO\nand a half\nthree\n'))).toEqual([
      ['same', '1 one', '1 one'],
      ['changed', '2 two', '2 TWO'],
      ['added', null, '3 and a half'],
      ['same', '3 three', '4 three'],
    ]);
  });

  it('shows a new file as added and a file that goes as removed', () => {
    expect(shown(patch('', 'x\ny\n'))).toEqual([
      ['added', null, '1 x'],
      ['added', null, '2 y'],
    ]);
    expect(shown(patch('x\n', ''))).toEqual([['removed', '1 x', null]]);
  });

  it('takes lines that look like a head for text', () => {
    expect(shown(patch('-- a\n++ b\n@@ -1 +1 @@\n', '-- c\n++ b\n@@ -1 +1 @@\n'))).toEqual([
      ['changed', '1 -- a', '1 -- c'],
      ['same', '2 ++ b', '2 ++ b'],
      ['same', '3 @@ -1 +1 @@', '3 @@ -1 +1 @@'],
    ]);
  });

  it('marks where lines are left out, and says nothing of a missing line end', () => {
    const many = Array.from({ length: 40 }, (_, line) => `line ${line}`);
    const other = many.with(5, 'five').with(35, 'thirty-five');
    const rows = diffRows(patch(many.join('\n'), other.join('\n')));
    expect(rows.filter(({ kind }) => kind === 'gap')).toHaveLength(2);
    expect(rows.at(-1)).toEqual({
      kind: 'same',
      before: { number: 40, text: 'line 39' },
      after: { number: 40, text: 'line 39' },
    });
    expect(rows.some(({ after }) => after?.text.includes('No newline'))).toBe(false);
  });

  it('has nothing to show where nothing differs', () => {
    expect(diffRows('')).toEqual([]);
    expect(diffLines(patch('a\n', 'a\n'))).toEqual([]);
  });
});

describe('diffLines', () => {
  it('keeps the order of the unified diff', () => {
    expect(diffLines(patch('one\ntwo\n', 'one\nTWO\n'))).toEqual([
      { kind: 'same', text: 'one' },
      { kind: 'removed', text: 'two' },
      { kind: 'added', text: 'TWO' },
    ]);
  });
});
