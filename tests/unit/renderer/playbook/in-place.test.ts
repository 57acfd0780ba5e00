import { expect, it } from 'vitest';
import type { Slices } from '../../../../src-renderer/api/types';
import { changesInPlace } from '../../../../src-renderer/features/playbook/in-place';

const stage = (inPlace: number) => ({ inPlace }) as NonNullable<Slices['book']>['stages'][number];
const run = (id: string, playbook: string, inPlace: number) =>
  ({ run: id, playbook, inPlace }) as Slices['runs'][number];

it('counts what other playbooks have left on these machines, and each change once', () => {
  const book = { playbook: 'nccl', stages: [stage(2), stage(3)], live: ['0001-a', '0002-b'] };
  const runs = [run('0002-b', 'nccl', 5), run('0001-a', 'connect-two-sparks', 7), run('0000-z', 'other', 9)];
  expect(changesInPlace(book as unknown as NonNullable<Slices['book']>, runs)).toBe(12);
});
