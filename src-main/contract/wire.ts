import { z } from 'zod';
import { failureInfoSchema, type FailureInfo } from './failure';
import { slices, type SliceName, type Slices } from './slices';
import { logLineSchema } from './state-work';

/** A question of the window. */
export const requestSchema = z.strictObject({
  id: z.number().int().min(0),
  method: z.string().max(64),
  params: z.unknown(),
});

export const answerSchema = z.union([
  z.object({ type: z.literal('answer'), id: z.number(), result: z.unknown() }),
  z.object({ type: z.literal('answer'), id: z.number(), failure: failureInfoSchema }),
]);
export type Answer =
  | { readonly type: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly failure: FailureInfo };

/**
 * What main tells without being asked. Changes of the state and lines of the log are numbered together: a gap means that
 * something was missed, and the window asks for a snapshot. What terminals print is a stream of its own.
 */
export const pushSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('slice'), seq: z.number(), slice: z.string(), value: z.unknown() }),
  z.object({ type: z.literal('log'), seq: z.number(), lines: z.array(logLineSchema) }),
  z.object({ type: z.literal('terminal'), id: z.string(), text: z.string() }),
]);
export type Push = z.infer<typeof pushSchema>;

/** The new value of a slice, checked. @throws ZodError, or RangeError for a slice that is none */
export function parseSlice(name: string, value: unknown): { [N in SliceName]: [N, Slices[N]] }[SliceName] {
  if (!Object.hasOwn(slices, name)) throw new RangeError(`no slice ${name}`);
  const known = name as SliceName;
  return [known, slices[known].parse(value)] as { [N in SliceName]: [N, Slices[N]] }[SliceName];
}

/** What the browser's host answers with 200 to a token: the half of the session that the page keeps. */
export const sessionSchema = z.object({ key: z.string().max(256) });

/** A method's refusal, as the caller gets it. */
export class CallFailure extends Error {
  constructor(readonly info: FailureInfo) {
    super(info.code);
    this.name = 'CallFailure';
  }
}
