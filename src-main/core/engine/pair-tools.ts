import type { EngineEventBody } from '../../contract/events';
import type { Session } from '../ports';
import type { Hands } from './hands';
import type { EngineParts } from './parts';
import type { Pair } from './playbook';
import type { Runs } from './runs';

/** What applying and rolling back on a connected pair need. */
export interface PairTools {
  readonly parts: EngineParts;
  readonly runs: Runs;
  readonly hands: Hands;
  readonly sessions: Pair<Session>;
  readonly emit: (event: EngineEventBody) => void;
}
