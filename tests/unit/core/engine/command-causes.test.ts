import { describe, expect, it } from 'vitest';
import { commandCauses } from '../../../../src-main/core/engine/command-causes';

describe('commandCauses', () => {
  it.each([
    [
      'disk-full',
      "sh: 4: echo: echo: I/O error\nmkdir: cannot create directory 'x': No space left on device",
    ],
    ['read-only', "touch: cannot touch '/etc/x': Read-only file system"],
    ['no-memory', 'fork: Cannot allocate memory'],
    ['package-lock', 'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812'],
  ])('sees %s in what was printed', (id, output) => {
    expect(commandCauses('spark-1', output)).toEqual([
      {
        cause: { code: `change.cause.${id}`, params: { node: 'spark-1' } },
        remedy: { code: `change.cause.${id}.remedy`, params: { node: 'spark-1' } },
      },
    ]);
  });

  it('says nothing where nothing is known', () => {
    expect(commandCauses('spark-1', 'lp0 on fire')).toEqual([]);
  });
});
