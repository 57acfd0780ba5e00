import { Bash } from 'just-bash';
import type { ShellRunner } from './node-model';

/** just-bash as it is, on the node's files and with its commands. */
export const plainShell: ShellRunner = async (node, caller, script, options) => {
  const user = caller.root ? 'root' : caller.user;
  const fs = node.fsFor(caller);
  const bash = new Bash({
    fs,
    cwd: options.cwd ?? node.home(user),
    env: { HOME: node.home(user), USER: user, LOGNAME: user, PATH: '/usr/sbin:/usr/bin', ...options.env },
    customCommands: node.commands(caller, fs),
    processInfo: { uid: caller.uid, gid: caller.uid },
  });
  return bash.exec(script, {
    rawScript: true,
    ...(options.stdin === undefined ? {} : { stdin: options.stdin, stdinKind: 'bytes' as const }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
};
