import { z } from 'zod';
import { labelSchema, partSchema } from './block-text';
import { entrySchema } from './entry';
import { accountSchema, modeSchema, pathSchema } from './values';

export const specSchema = z.object({
  path: pathSchema,
  /** Owner, group and mode of the file where it has to be created; an existing file keeps its own. */
  owner: accountSchema,
  group: accountSchema,
  mode: modeSchema,
  label: labelSchema,
  place: z.enum(['top', 'end']),
  parts: z
    .array(partSchema)
    .min(1)
    .refine((parts) => parts.filter((part) => part.kind === 'peer-file').length <= 1)
    .refine(
      (parts) => !parts.some((part) => part.kind === 'text' && /^# (BEGIN|END) twinspark /m.test(part.text)),
    ),
});
export type BlockSpec = z.infer<typeof specSchema>;

export const stateSchema = z.object({
  entry: entrySchema,
  /** Our block: its place in bytes and its text; null where there is none. */
  block: z
    .union([z.literal('damaged'), z.object({ start: z.number(), end: z.number(), text: z.string() })])
    .nullable(),
  /** The file's last line has no line end. */
  open: z.boolean(),
  leftovers: z.array(z.string()),
});
export type BlockState = z.infer<typeof stateSchema>;
