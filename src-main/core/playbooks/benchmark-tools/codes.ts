import { speaker } from '../codes';

export const notes = {
  'benchmark.packages.install': ['node', 'packages'],
  'benchmark.packages.in-place': ['node', 'packages'],
  'benchmark.packages.none': [],
  'benchmark.packages.ready': ['node', 'tools'],
  'benchmark.change.packages': ['node', 'packages'],
} as const satisfies Record<string, readonly string[]>;

/** Each has a second text, `CODE.remedy`, with the same parameters. */
export const blockers = {
  'benchmark.packages.sudo': ['node'],
  'benchmark.packages.not-installable': ['node', 'packages', 'detail'],
} as const satisfies Record<string, readonly string[]>;

export const { note, blocker } = speaker<typeof notes, typeof blockers>();
