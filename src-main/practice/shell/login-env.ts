import type { Caller, PracticeNode } from '../machine/node-model';

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment of a login. */
export function loginEnv(node: PracticeNode, caller: Caller): Record<string, string> {
  const user = caller.root ? 'root' : caller.user;
  return { HOME: node.home(user), USER: user, LOGNAME: user, SHELL: node.shell(user), PATH: path };
}
