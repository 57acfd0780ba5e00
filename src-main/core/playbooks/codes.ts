import { message, type Message } from '../../contract/message';
import type { Blocker } from '../../contract/plan';

/** Codes of texts, each with the parameters that its text gets. */
type Codes = Readonly<Record<string, readonly string[]>>;
type Params<Names extends readonly string[]> = Record<Names[number], string | number>;

/** Makes the messages of a playbook; the compiler asks for exactly the parameters that each text has. */
export function speaker<Notes extends Codes, Blockers extends Codes>(): {
  readonly note: <C extends keyof Notes & string>(code: C, params: Params<Notes[C]>) => Message;
  /** A blocker whose remedy is the text `CODE.remedy`. */
  readonly blocker: <C extends keyof Blockers & string>(
    code: C,
    params: Params<Blockers[C]>,
    rest?: Omit<Blocker, 'cause' | 'remedy'>,
  ) => Blocker;
} {
  return {
    note: (code, params) => message(code, params),
    blocker: (code, params, rest = {}) => ({
      cause: message(code, params),
      remedy: message(`${code}.remedy`, params),
      ...rest,
    }),
  };
}
