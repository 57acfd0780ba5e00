import { z } from 'zod';
import { digest } from '../canonical';
import { accountSchema, modeSchema, pathSchema } from './values';

const fileSchema = z.object({
  /** Inside the tree, without a leading slash. */
  path: z.string().refine((path) => pathSchema.safeParse(`/${path}`).success && !path.startsWith('.git')),
  mode: modeSchema,
  content: z.string(),
});
export type TreeFile = z.infer<typeof fileSchema>;

/** What a journal says about uploaded files in one word. */
export function uploadDigest(files: readonly TreeFile[]): string {
  return digest(files);
}

export const specSchema = z.object({
  path: pathSchema,
  owner: accountSchema,
  group: accountSchema,
  source: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('git'),
      /** Without a password in it: it is shown and journaled. */
      url: z
        .string()
        .regex(/^(https:\/\/|ssh:\/\/|file:\/\/\/|\/)[^\s\0]+$/)
        .refine((url) => !/\/\/[^/@]*:[^/@]*@/.test(url)),
      /** Branch, tag or commit id. */
      ref: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/),
      /** Commit that `ref` has to be; a `ref` that is a commit id says it itself. */
      commit: z
        .string()
        .regex(/^[0-9a-f]{40}$/)
        .optional(),
    }),
    z
      .object({ kind: z.literal('upload'), sha256: z.string(), files: z.array(fileSchema).min(1) })
      .refine((upload) => upload.sha256 === uploadDigest(upload.files)),
  ]),
});
export type TreeSpec = z.infer<typeof specSchema>;

/** The commit that the spec names; null when it leaves it to the branch or tag. */
export function wantedCommit(source: Extract<TreeSpec['source'], { kind: 'git' }>): string | null {
  return source.commit ?? (/^[0-9a-f]{40}$/.test(source.ref) ? source.ref : null);
}
