import type { Family } from '../machine/ip-values';
import type { Call } from './support';

/** A call of ip(8), its global options read and `args` from behind the verb. */
export interface IpCall extends Call {
  readonly json: boolean;
  readonly oneline: boolean;
  readonly brief: boolean;
  readonly family: Family | undefined;
}
