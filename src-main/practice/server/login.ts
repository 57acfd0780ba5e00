import type { Buffer } from 'node:buffer';
import ssh2, { type AuthContext, type ParsedKey } from 'ssh2';
import type { Caller, PracticeNode } from '../machine/node-model';

const methods: ('password' | 'publickey')[] = ['publickey', 'password'];

/** Judges one login attempt as the node's sshd would: by password, or by a key of the account's authorized_keys. */
export function judgeLogin(
  node: PracticeNode,
  attempt: AuthContext,
  accepted: (caller: Caller) => void,
): void {
  const account = node.account(attempt.username);
  if (account === undefined || !allowed(node, attempt)) {
    attempt.reject(methods);
    return;
  }
  accepted(account);
  attempt.accept();
}

function allowed(node: PracticeNode, attempt: AuthContext): boolean {
  if (attempt.method === 'password') return node.checkPassword(attempt.username, attempt.password);
  if (attempt.method !== 'publickey') return false;
  const known = authorized(node.authorizedKeys(attempt.username), attempt.key.data);
  if (known === undefined) return false;
  // Without a signature the client only asks whether the key would do.
  if (attempt.signature === undefined || attempt.blob === undefined) return true;
  return known.verify(attempt.blob, attempt.signature, attempt.hashAlgo);
}

/** The key of an authorized_keys file that has this blob; options in front of a key are passed over. */
function authorized(file: string, blob: Buffer): ParsedKey | undefined {
  for (const line of file.split('\n')) {
    const key = /(?:^|\s)((?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/=]+)/.exec(line)?.[1];
    if (key === undefined || line.trimStart().startsWith('#')) continue;
    const parsed = ssh2.utils.parseKey(key);
    if (!(parsed instanceof Error) && parsed.getPublicSSH().equals(blob)) return parsed;
  }
  return undefined;
}
