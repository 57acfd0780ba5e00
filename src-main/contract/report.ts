import { z } from 'zod';

export const reportFormats = ['markdown', 'html', 'json'] as const;

/** What a report hides, so that it can be posted where everybody reads it. */
export const reportMasks = ['serials', 'macs', 'addresses', 'users', 'hostnames'] as const;

export const reportRequestSchema = z.strictObject({
  format: z.enum(reportFormats),
  mask: z.array(z.enum(reportMasks)).max(reportMasks.length),
});
export type ReportRequest = z.infer<typeof reportRequestSchema>;
export type ReportMask = (typeof reportMasks)[number];
export type ReportFormat = (typeof reportFormats)[number];

/** Programs that are told which interfaces and devices of this pair to use. */
export const environmentPrograms = ['nccl', 'ucx', 'mpi', 'vllm', 'docker'] as const;
export type EnvironmentProgram = (typeof environmentPrograms)[number];
