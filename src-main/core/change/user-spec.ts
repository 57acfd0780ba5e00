import { z } from 'zod';

const nameSchema = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/);
export const specSchema = z.object({
  name: nameSchema,
  uid: z.number().int().min(1000).max(59_999).optional(),
  /** Joined where the node has them; those it has not are passed over. */
  groups: z.array(nameSchema),
  shell: z.string().regex(/^(\/[A-Za-z0-9._+-]+)+$/),
  /** Asked for when the account is made; an existing account keeps its own. */
  password: z.literal('secret'),
});
export type UserSpec = z.infer<typeof specSchema>;
