import type { Caller } from '../machine/node-model';
import type { Machine } from '../shell/run-context';
import type { ChannelInput, ChannelOutput } from './channel-io';

/** What a channel is served with. */
export interface Serving {
  readonly machine: Machine;
  readonly caller: Caller;
  readonly input: ChannelInput;
  readonly output: ChannelOutput;
}

/** The app's shells speak the language of programs. */
export const appEnv = { LC_ALL: 'C' };
