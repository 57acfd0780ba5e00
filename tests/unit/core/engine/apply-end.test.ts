import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../../../src-main/core/failure';
import { LocalPair, NODES, playbookOf, type StageScript } from './local-pair';

const both = (file: string, text: string) => [
  { node: 'one', file, text },
  { node: 'two', file, text },
];
const TWO_STAGES: StageScript[] = [
  { id: 'network', memos: both('net', 'addresses') },
  { id: 'ssh', needs: ['network'], memos: both('key', 'a key') },
];

let pair: LocalPair;
beforeEach(async () => (pair = await LocalPair.make()));
afterEach(() => pair.clean());

const code = (wanted: string) => (error: unknown) => error instanceof Failure && error.code === wanted;

describe('the end of an apply', () => {
  test('goes as far as it was asked to; the rest is another run, which is taken back first', async () => {
    const { engine } = pair.start(playbookOf(TWO_STAGES));
    const open = await engine.open(NODES);
    const [first = '', second = ''] = TWO_STAGES.map(({ id }) => id);
    const part = await open.apply(await open.plan('test', {}), undefined, first);
    expect(part.outcome).toBe('done');
    const before = await pair.files();
    const rest = await open.plan('test', {});
    expect(rest.plan.stages.map(({ status }) => status)).toEqual(['satisfied', 'needed']);
    await expect(open.apply(rest, undefined, 'elsewhere')).rejects.toSatisfy(code('BAD_INPUT'));
    const all = await open.apply(rest, undefined, second);
    expect(all.outcome).toBe('done');
    expect(all.run).not.toBe(part.run);
    await expect(open.rollBack(part.run ?? '')).rejects.toSatisfy(code('UNDO_ORDER'));
    expect((await open.rollBack(all.run ?? '')).outcome).toBe('rolled-back');
    expect(await pair.files()).toEqual(before);
    expect((await open.rollBack(part.run ?? '')).outcome).toBe('rolled-back');
    expect(await pair.files()).toEqual({});
  });

  test('a folder for kept copies that nothing is in goes with the lease; one with a copy stays', async () => {
    const { engine } = pair.start(playbookOf(TWO_STAGES));
    const open = await engine.open(NODES);
    await mkdir(path.join(pair.home, 'one', '.kept', '0001-abc'), { recursive: true });
    await mkdir(path.join(pair.home, 'two', '.kept', '0001-abc', 'user-1'), { recursive: true });
    expect((await open.apply(await open.plan('test', {}))).outcome).toBe('done');
    expect(existsSync(path.join(pair.home, 'one', '.kept'))).toBe(false);
    expect(existsSync(path.join(pair.home, 'two', '.kept', '0001-abc', 'user-1'))).toBe(true);
  });
});
