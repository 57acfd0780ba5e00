import type { FailureCode, FailureInfo } from '../contract/failure';

/** Thrown for everything that a person may meet; `info` is what is shown and journaled. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly info: FailureInfo;

  constructor(
    code: FailureCode,
    params: FailureInfo['params'] = {},
    rest: Omit<FailureInfo, 'code' | 'params'> & { cause?: unknown } = {},
  ) {
    const { cause, ...info } = rest;
    super(`${code} ${JSON.stringify(params)}`, cause === undefined ? undefined : { cause });
    this.info = { code, params, ...info };
  }

  get code(): FailureCode {
    return this.info.code;
  }
}

/** True when `error` is a {@link Failure} with one of the codes (any code when none is given). */
export function isFailure(error: unknown, ...codes: FailureCode[]): error is Failure {
  return error instanceof Failure && (codes.length === 0 || codes.includes(error.code));
}

/** Any thrown value as a {@link Failure}: foreign errors become INTERNAL with their message as evidence. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof Error && error.name === 'AbortError') return new Failure('CANCELLED');
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Failure('INTERNAL', {}, { evidence: detail, cause: error });
}

/** Throws CANCELLED (or the failure given as abort reason) when `signal` is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw signal.reason instanceof Failure ? signal.reason : new Failure('CANCELLED');
}
