import type { CustomCommand } from 'just-bash';
import { childShells } from './child-shells';
import { liveCommand } from './live-command';
import { descriptorCommands } from './descriptor-commands';
import { optionCommands } from './option-commands';
import { processCommands } from './process-commands';
import type { RunContext } from './run-context';
import { stateCommands } from './state-commands';
import { switchCommands } from './switch-user';

/** What a shell and coreutils have and the interpreter lacks; everything about the machine comes from the node. */
export function shellCommands(run: RunContext): CustomCommand[] {
  return [
    ...stateCommands(run),
    ...descriptorCommands(run),
    ...childShells(run),
    ...processCommands(run),
    ...optionCommands(run),
    ...switchCommands(run),
    ...liveCommand(run),
  ];
}
