import type { EnvironmentProgram, ReportFormat } from '../../contract/report';

/** As the contract has them, held equal to it by a test: the schemas of the contract need not be loaded for the grammar. */
export const reportFormats = ['markdown', 'html', 'json'] as const satisfies readonly ReportFormat[];
export const environmentPrograms = [
  'nccl',
  'ucx',
  'mpi',
  'vllm',
  'docker',
] as const satisfies readonly EnvironmentProgram[];
