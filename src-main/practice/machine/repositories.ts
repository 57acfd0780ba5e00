import { createHash } from 'node:crypto';

/** A public repository that the practice machines can clone: a few files that tell what they stand for. */
export interface Repository {
  readonly files: Readonly<Record<string, string>>;
  /** Commits of releases; any other tag of the right form has one that is made up. */
  readonly commits: Readonly<Record<string, string>>;
}

const note = 'This clone of the practice machine stands for the real repository.\n';

export const repositories: Readonly<Record<string, Repository>> = {
  'github.com/NVIDIA/nccl': {
    files: {
      'README.md': `# NCCL\n\n${note}`,
      'LICENSE.txt': note,
      Makefile: '# NCCL\nsrc.build:\n\t${MAKE} -C src build BUILDDIR=${BUILDDIR}\n',
      'src/all_gather.cc': '/* all_gather */\n',
      'src/bootstrap.cc': '/* bootstrap */\n',
      'src/init.cc': '/* init */\n',
      'src/nccl.h.in': '/* nccl.h */\n',
      'src/transport/net_ib.cc': '/* net_ib */\n',
    },
    commits: { 'v2.28.9-1': 'dbc86fd06e8b0c4517b95d8958a09ccacf9520c9' },
  },
  'github.com/NVIDIA/nccl-tests': {
    files: {
      'README.md': `# NCCL Tests\n\n${note}`,
      Makefile: '# NCCL Tests\nsrc.build:\n\t${MAKE} -C src build BUILDDIR=${BUILDDIR}\n',
      'src/all_gather.cu': '/* all_gather */\n',
      'src/all_reduce.cu': '/* all_reduce */\n',
      'src/common.cu': '/* common */\n',
    },
    commits: { 'v2.17.6': 'da0b547b1b9c6e3b1d4c15578087874522ae3761' },
  },
};

/** The repository behind an address, with or without `.git`. */
export function repositoryAt(url: string): Repository | undefined {
  return repositories[url.replace(/^https:\/\//, '').replace(/(\.git)?\/*$/, '')];
}

/** The commit that a tag, branch or commit id means; undefined for none. */
export function commitOf({ commits }: Repository, url: string, ref: string): string | undefined {
  if (commits[ref] !== undefined || Object.values(commits).includes(ref)) return commits[ref] ?? ref;
  if (!/^(v\d[\w.-]*|main|master)$/.test(ref)) return undefined;
  return createHash('sha1').update(`${url} ${ref}`).digest('hex');
}
