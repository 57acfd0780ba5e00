import type { FailureInfo } from './failure';
import type { Message } from './message';
import type { StageStatus } from './run';

export type ChangeStatus =
  'applying' | 'trial' | 'applied' | 'failed' | 'undoing' | 'restored' | 'untouched' | 'drifted';

/** What the engine tells while it works. `time` is milliseconds since the epoch. */
export type EngineEvent = { readonly time: number } & (
  | {
      readonly type: 'node';
      readonly node: string;
      readonly state: 'connecting' | 'connected' | 'lost' | 'failed';
      /** Why it `failed`. */
      readonly failure?: FailureInfo;
    }
  | {
      readonly type: 'run';
      readonly run: string;
      readonly state: 'started' | 'resumed' | 'rolling-back' | 'finished';
    }
  | {
      readonly type: 'stage';
      readonly stage: string;
      readonly status: StageStatus;
      readonly notes: readonly Message[];
      readonly failure?: FailureInfo;
    }
  | {
      readonly type: 'change';
      readonly change: string;
      readonly node: string;
      readonly status: ChangeStatus;
      readonly summary: Message;
      /** For `drifted`: how the thing differs from what the run left. */
      readonly difference?: string;
    }
  /** A line that a command printed; untrusted text. */
  | {
      readonly type: 'log';
      readonly node: string;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
);

/** An event before the clock has stamped it. */
export type EngineEventBody = EngineEvent extends infer E
  ? E extends EngineEvent
    ? Omit<E, 'time'>
    : never
  : never;
