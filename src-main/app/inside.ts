import type { Engine } from '../core/engine/engine';
import type { Clock } from '../core/ports';
import type { History } from './bench/history';
import type { Measuring } from './bench/measuring';
import type { Book } from './book';
import type { Connection } from './connection';
import type { Desk } from './desk';
import type { Log } from './log';
import type { Machines } from './machines';
import type { PracticeRoom } from './practice-room';
import type { Prompts } from './prompts';
import type { Rollback } from './rollback';
import type { AppHost, SettingsStore } from './service';
import type { State } from './state';
import type { Terminals } from './terminals/terminals';

/** What the handlers use of the app. */
export interface Inside {
  readonly state: State;
  readonly log: Log;
  readonly prompts: Prompts;
  readonly connection: Connection;
  readonly machines: Machines;
  readonly clock: Clock;
  readonly localUser: string;
  readonly localHostname: string;
  readonly desk: Desk;
  readonly book: Book;
  readonly history: History;
  readonly measuring: Measuring;
  readonly rollback: Rollback;
  readonly practice: PracticeRoom;
  readonly terminals: Terminals;
  readonly settings: SettingsStore;
  readonly host: AppHost;
  /** For real nodes. */
  readonly engine: Engine;
  leavePair(): Promise<void>;
  started(work: Promise<unknown>): void;
}
