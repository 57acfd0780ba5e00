import { failureInfoSchema, type FailureInfo } from '../../src-main/contract/failure';
import { methodNames, type MethodName } from '../../src-main/contract/method-names';
import { methods, type Client } from '../../src-main/contract/methods';
import { CallFailure, pushSchema, type Push } from '../../src-main/contract/wire';
import { gone, type ConnectionState, type Transport } from './transport';

/** The connection broke before the answer came: whether main has done it is not known. */
export class ConnectionGone extends CallFailure {
  constructor() {
    super(gone);
    this.name = 'ConnectionGone';
  }
}

/** @param reason what is wrong, for a bug report; never shown as the person's fault */
function badRequest(reason: string): CallFailure {
  return new CallFailure({ code: 'BAD_REQUEST', params: { reason } } satisfies FailureInfo);
}

async function call(transport: Transport, method: MethodName, params: unknown): Promise<unknown> {
  const question = methods[method].params.safeParse(params);
  if (!question.success) throw badRequest(`${method}: ${question.error.issues[0]?.message ?? ''}`);
  const answer = await transport.ask(method, question.data);
  if ('failure' in answer) {
    const failure = failureInfoSchema.safeParse(answer.failure);
    throw failure.success ? new CallFailure(failure.data) : badRequest(`${method}: failure`);
  }
  const result = methods[method].result.safeParse(answer.result);
  if (!result.success) throw badRequest(`${method}: ${result.error.issues[0]?.message ?? ''}`);
  return result.data;
}

export interface Connection {
  /** Rejects with {@link CallFailure}; {@link ConnectionGone} when the connection broke. */
  readonly client: Client;
  /** Opens the connection and tells what comes over it. */
  start(events: {
    readonly push: (push: Push) => void;
    readonly state: (state: ConnectionState) => void;
    /** Something came that the contract does not know: the state may be incomplete. */
    readonly unreadable: () => void;
  }): void;
}

/** A typed client over a transport. Questions are checked before they are sent, answers before they are given. */
export function connect(transport: Transport): Connection {
  const entries = methodNames.map(
    (name) => [name, (params: unknown) => call(transport, name, params)] as const,
  );
  return {
    client: Object.fromEntries(entries) as unknown as Client,
    start({ push, state, unreadable }) {
      transport.start({
        state,
        push(raw) {
          const known = pushSchema.safeParse(raw);
          if (known.success) push(known.data);
          else unreadable();
        },
      });
    },
  };
}
