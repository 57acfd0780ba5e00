import { z } from 'zod';

/**
 * Something said to the person, as a code and its parameters. The words live in `resources/locales`;
 * window and command line look them up there. Parameters are untrusted text: shown as text, never run.
 */
export const messageSchema = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Message = z.infer<typeof messageSchema>;

/** Builds a {@link Message}. */
export function message(code: string, params: Message['params'] = {}): Message {
  return { code, params };
}
