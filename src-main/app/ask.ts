import { methodNames, type MethodName } from '../contract/method-names';
import { methods, type Handlers } from '../contract/methods';
import { Failure, toFailure } from '../core/failure';
import type { FailureInfo } from '../contract/failure';

export type Asked = { readonly result: unknown } | { readonly failure: FailureInfo };

/** Answers one question: parameters are checked before anything happens, results before they leave. Never rejects. */
export async function ask(handlers: Handlers, method: string, params: unknown): Promise<Asked> {
  try {
    if (!isMethod(method)) throw new Failure('BAD_REQUEST', { reason: 'method' });
    const { params: shape, result: answer } = methods[method];
    const given = shape.safeParse(params);
    if (!given.success) throw new Failure('BAD_REQUEST', { reason: where(given.error.issues) });
    const handler = handlers[method] as (params: unknown) => Promise<unknown>;
    return { result: answer.parse(await handler(given.data)) };
  } catch (error) {
    return { failure: toFailure(error).info };
  }
}

function isMethod(name: string): name is MethodName {
  return (methodNames as readonly string[]).includes(name);
}

/** The place of the first mistake, never the value: it may be a secret. */
function where(issues: readonly { readonly path: readonly PropertyKey[] }[]): string {
  return (issues[0]?.path ?? []).map(String).join('.') || 'parameters';
}
