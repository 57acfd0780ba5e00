import { describe, expect, it } from 'vitest';
import type { LogLine, StageView } from '../../../../src-main/contract/state-work';
import { changeRows } from '../../../../src-renderer/features/playbook/change-rows';
import { diffLines } from '../../../../src-renderer/features/playbook/diff-rows';
import { driftDiff } from '../../../../src-renderer/features/playbook/drift';
import { logText, shortened } from '../../../../src-renderer/features/playbook/log-text';
import type { PlannedChange } from '../../../../src-renderer/features/playbook/plan-groups';
import { stageInputs } from '../../../../src-renderer/features/playbook/stage-inputs';
import { hindranceOf } from '../../../../src-renderer/features/runs/run-words';

type Seen = StageView['changes'][number];
const summary = { code: 's', params: {} };

describe('changeRows', () => {
  it('keeps the order of the plan, fills in what happened, and adds what only a run knows', () => {
    const planned = ['a', 'b'].map((id) => ({ id, node: 'n', summary }) as unknown as PlannedChange);
    const seen: Seen[] = [
      { id: 'old', node: 'n', summary, status: 'drifted', difference: 'd' },
      { id: 'b', node: 'n', summary, status: 'applied', difference: null },
    ];
    expect(
      changeRows(planned, seen).map(({ id, status, planned: change }) => [id, status, change !== null]),
    ).toEqual([
      ['a', null, true],
      ['b', 'applied', true],
      ['old', 'drifted', false],
    ]);
  });
});

describe('driftDiff', () => {
  it('makes a difference of the two texts that the engine tells', () => {
    const diff = driftDiff('--- left by the run\none\ntwo\n\n+++ now\none\nthree\ntwo\n');
    const changed = diffLines(diff ?? '').filter(({ kind }) => kind !== 'same');
    expect(changed).toContainEqual({ kind: 'added', text: 'three' });
    expect(changed).not.toContainEqual({ kind: 'removed', text: 'two' });
  });

  it('leaves other words as they are', () => {
    expect(driftDiff('the file is gone')).toBeNull();
  });
});

describe('stageInputs', () => {
  const inputs = [
    { key: 'network.method', default: 'static', values: ['static'] },
    { key: 'network.foreign', default: null, values: ['adopt'] },
    { key: 'ssh.mode', default: 'per-node', values: null },
  ];
  const keys = (chosen: string[], blockers: Parameters<typeof stageInputs>[3] = []) =>
    stageInputs(inputs, 'network', chosen, blockers).map(({ key }) => key);

  it('shows what always has a value, and what the person has decided', () => {
    expect(keys([])).toEqual(['network.method']);
    expect(keys(['network.foreign'])).toEqual(['network.method', 'network.foreign']);
  });

  it('leaves to a blocker what the blocker asks', () => {
    const blocker = { cause: summary, remedy: summary, decide: { input: 'network.foreign', values: [] } };
    expect(keys(['network.foreign'], [blocker])).toEqual(['network.method']);
  });
});

describe('the log as a text', () => {
  const line = (over: Partial<LogLine>): LogLine => ({
    number: 0,
    time: 0,
    node: 'n1',
    source: 'stdout',
    text: 'x',
    message: null,
    ...over,
  });

  it('has a line of four fields for each line, whatever a node calls itself', () => {
    const text = logText(
      [line({}), line({ node: 'a\tb\nc', source: 'stderr' }), line({ node: '' })],
      () => 't',
      'App',
    );
    expect(text).toBe(
      '1970-01-01T00:00:00.000Z\tn1\tstdout\tt\n' +
        '1970-01-01T00:00:00.000Z\ta?b?c\tstderr\tt\n' +
        '1970-01-01T00:00:00.000Z\tApp\tstdout\tt\n',
    );
  });

  it('draws no more of a line than a window can take', () => {
    expect(shortened('x'.repeat(100_000)).length).toBeLessThan(2100);
    expect(shortened('short')).toBe('short');
  });
});

describe('hindranceOf', () => {
  const run = { nodes: ['a', 'b'], inPlace: 2 };
  it('wants both nodes of the run, something in place, and nobody at work', () => {
    expect(hindranceOf(run, ['a', 'b'], false)).toBeNull();
    expect(hindranceOf(run, ['a', 'b'], true)).toBe('busy');
    expect(hindranceOf(run, ['a'], false)).toBe('other');
    expect(hindranceOf({ ...run, inPlace: 0 }, ['a', 'b'], false)).toBe('none');
  });
});
