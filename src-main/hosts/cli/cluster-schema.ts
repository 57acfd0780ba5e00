import { z } from 'zod';

/**
 * What cluster.yaml may hold. The message of each check is the end of a key of the catalogue (`cli.cluster.…`).
 */
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'bad-variable');

const nodeSchema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, 'bad-name'),
  host: z.string().regex(/^[A-Za-z0-9:_][A-Za-z0-9._:%-]{0,252}$/, 'bad-host'),
  port: z.int('bad-port').min(1, 'bad-port').max(65_535, 'bad-port').default(22),
  user: z.string().regex(/^[^\s:@\u0000-\u001f\u007f-][^\s:\u0000-\u001f\u007f]{0,63}$/u, 'bad-user'),
  identityFile: z.string().min(1, 'empty').optional(),
  passwordEnv: variable.optional(),
  sudoPasswordEnv: variable.optional(),
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'bad-host-key')
    .optional(),
});
export type ClusterNode = z.infer<typeof nodeSchema>;

export const clusterSchema = z.strictObject({ nodes: z.array(nodeSchema).length(2, 'not-two') });
export type Cluster = z.infer<typeof clusterSchema>;

/** Whether `name` is a node's name as cluster.yaml takes it. */
export function isNodeName(name: string): boolean {
  return nodeSchema.shape.name.safeParse(name).success;
}
