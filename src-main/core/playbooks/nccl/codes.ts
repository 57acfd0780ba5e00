import { speaker } from '../codes';

/** What the stages say without stopping, with the parameters that each text gets. */
export const notes = {
  'nccl.prerequisites.node': ['node', 'gpu', 'cuda', 'user'],
  'nccl.prerequisites.links': ['ports1', 'ports2', 'node1', 'node2'],
  'nccl.prerequisites.one-half': ['half'],
  'nccl.prerequisites.no-rdma': ['node'],
  'nccl.prerequisites.release-accepted': ['release1', 'release2'],

  'nccl.packages.install': ['node', 'packages'],
  'nccl.packages.in-place': ['packages'],

  'nccl.source.bring': ['what', 'version', 'repository', 'path'],
  'nccl.source.build': ['what', 'path'],
  'nccl.source.in-place': ['what', 'version', 'path'],

  'nccl.environment.file': ['node', 'path'],
  'nccl.environment.gid': ['node', 'index'],
  'nccl.environment.no-gid': ['node'],

  'nccl.verify.pending': [],
  'nccl.verify.skipped': [],
  'nccl.verify.works': ['size'],
  'nccl.verify.measured': ['size', 'gbytes'],
  'nccl.verify.smaller': ['size', 'free'],

  'nccl.change.folder': ['node', 'path'],
  'nccl.change.packages': ['node', 'packages'],
  'nccl.change.tree': ['node', 'what', 'version', 'path'],
  'nccl.change.build': ['node', 'what', 'path'],
  'nccl.change.environment': ['node', 'path'],
} as const satisfies Record<string, readonly string[]>;

/** What keeps a stage from running. Each has a second text, `CODE.remedy`, with the same parameters. */
export const blockers = {
  'nccl.prerequisites.facts-missing': ['node', 'what', 'detail'],
  'nccl.prerequisites.sudo': ['node'],
  'nccl.prerequisites.root': ['node'],
  'nccl.prerequisites.users-differ': ['user1', 'user2'],
  'nccl.prerequisites.no-gpu': ['node', 'detail'],
  'nccl.prerequisites.no-nvcc': ['node'],
  'nccl.prerequisites.cuda-old': ['node', 'cuda', 'needed'],
  'nccl.prerequisites.cuda-differs': ['cuda1', 'cuda2'],
  'nccl.prerequisites.memory': ['node', 'free', 'needed'],
  'nccl.prerequisites.disk': ['node', 'path', 'free', 'needed'],
  'nccl.prerequisites.folder': ['node', 'path'],
  'nccl.prerequisites.no-link': [],
  'nccl.prerequisites.no-login': ['node', 'peer', 'user', 'detail'],
  'nccl.prerequisites.release-differs': ['release1', 'release2'],

  'nccl.earlier-stage': ['stage'],
  'nccl.packages.not-installable': ['node', 'packages', 'detail'],
  'nccl.source.occupied': ['node', 'path'],
} as const satisfies Record<string, readonly string[]>;

export const { note, blocker } = speaker<typeof notes, typeof blockers>();
