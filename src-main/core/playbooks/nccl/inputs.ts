import { ncclFolder } from '../../benchmark/nccl-place';
import type { InputSpec } from '../../engine/playbook';

/** Where git gets a tree: without a name and password in it, because it is shown and journaled. */
const repository =
  /^(https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/|ssh:\/\/([a-z_][a-z0-9_-]*@)?[A-Za-z0-9.-]+(:\d{1,5})?\/|file:\/\/\/|\/)[A-Za-z0-9._~+/-]{1,300}$/;
/** Branch, tag or commit id. */
const ref = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;
const commit = /^[0-9a-f]{40}$/;

/** The first release that knows GB10 well, as NVIDIA's playbook had it, and the tests of its time; both by their commit. */
export const sources = {
  nccl: {
    repository: 'https://github.com/NVIDIA/nccl',
    version: 'v2.28.9-1',
    commit: 'dbc86fd06e8b0c4517b95d8958a09ccacf9520c9',
  },
  'nccl-tests': {
    repository: 'https://github.com/NVIDIA/nccl-tests',
    version: 'v2.17.6',
    commit: 'da0b547b1b9c6e3b1d4c15578087874522ae3761',
  },
} as const;
export type SourceName = keyof typeof sources;

/** GB10. */
export const defaultGencode = '-gencode=arch=compute_121,code=sm_121';

/** Sizes that all_gather is measured with, by their name. */
export const sizes: Readonly<Record<string, number>> = {
  '512M': 512 * 1024 ** 2,
  '1G': 1024 ** 3,
  '4G': 4 * 1024 ** 3,
  '16G': 16 * 1024 ** 3,
};

export const inputs: readonly InputSpec[] = [
  /** Go on although the two run different releases of DGX OS. */
  { key: 'prerequisites.release', values: ['accept'] },
  { key: 'nccl.version', default: sources.nccl.version, pattern: ref },
  /** Folder for trees and what is built from them: below the home, or absolute. */
  {
    key: 'nccl.folder',
    default: ncclFolder,
    pattern: /^\/?(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+){0,15}$/,
  },
  { key: 'nccl.repository', default: sources.nccl.repository, pattern: repository },
  /** Commit that the version has to be; known for the default version. */
  { key: 'nccl.commit', pattern: commit },
  /** What nvcc builds for. */
  {
    key: 'nccl.gencode',
    default: defaultGencode,
    pattern:
      /^-gencode=arch=compute_\d{2,3}[af]?,code=(sm|compute)_\d{2,3}[af]?( -gencode=arch=compute_\d{2,3}[af]?,code=(sm|compute)_\d{2,3}[af]?){0,7}$/,
  },
  { key: 'nccl-tests.version', default: sources['nccl-tests'].version, pattern: ref },
  { key: 'nccl-tests.repository', default: sources['nccl-tests'].repository, pattern: repository },
  { key: 'nccl-tests.commit', pattern: commit },
  /** `auto`: the largest that fits the free memory; `none`: nothing is measured. */
  { key: 'verify.size', default: 'auto', values: ['auto', ...Object.keys(sizes), 'none'] },
];
