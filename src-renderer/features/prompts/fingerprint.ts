/** The key file on the node that a fingerprint belongs to, as OpenSSH names it. */
export function hostKeyFile(keyType: string): string {
  const kind = keyType.startsWith('ecdsa-') ? 'ecdsa' : keyType.includes('rsa') ? 'rsa' : 'ed25519';
  return `/etc/ssh/ssh_host_${kind}_key.pub`;
}

/** What a pasted text says about a fingerprint: it may be the whole line that `ssh-keygen -lf` prints. */
export function compareFingerprint(pasted: string, fingerprint: string): 'empty' | 'same' | 'other' | 'none' {
  if (pasted.trim() === '') return 'empty';
  const found = /(?:SHA256:)?([A-Za-z0-9+/]{43})=?(?![A-Za-z0-9+/])/.exec(pasted)?.[1];
  if (found === undefined) return 'none';
  return found === fingerprint.replace(/^SHA256:|=+$/g, '') ? 'same' : 'other';
}
