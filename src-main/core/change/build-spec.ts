import { z } from 'zod';
import { digest } from '../canonical';
import { accountSchema, pathSchema } from './values';

const wordSchema = z.string().regex(/^[^\0\n\r]{1,1024}$/);
const inside = z.string().refine((path) => pathSchema.safeParse(`/${path}`).success);

export const specSchema = z.object({
  /** Tree with a Makefile that puts all that it makes into the folder that `BUILDDIR` names. */
  source: pathSchema,
  /** What the tree stands at: another one is another build. */
  revision: wordSchema,
  /** Folder for what is made; nothing is there yet. The folder around it is the owner's. */
  path: pathSchema,
  owner: accountSchema,
  group: accountSchema,
  targets: z.array(z.string().regex(/^[A-Za-z0-9._][A-Za-z0-9._-]*$/)),
  /** Variables of the Makefile, on make's command line. */
  variables: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), wordSchema),
  /** Further folders to look for programs in. */
  search: z.array(pathSchema),
  /** Files inside `path` without which it is no result. */
  results: z.array(inside).min(1),
});
export type BuildSpec = z.infer<typeof specSchema>;

/** Names the build by all that decides its result. */
export function buildDigest(spec: BuildSpec): string {
  return digest(spec);
}
