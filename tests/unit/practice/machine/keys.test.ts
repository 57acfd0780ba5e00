import { utils } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { cryptPassword, fitsPassword } from '../../../../src-main/practice/machine/crypt';
import {
  fingerprint,
  makeKey,
  privateKeyFile,
  readPrivateKey,
  readPublicKey,
} from '../../../../src-main/practice/machine/ssh-key';

describe('passwords of a practice machine', () => {
  it('are kept as crypt(3) keeps them', () => {
    // perl -e 'print crypt("practice", "\$6\$rounds=1000\$abcdefgh\$")'
    expect(cryptPassword('practice', 'abcdefgh')).toBe(
      '$6$rounds=1000$abcdefgh$gykA2WpyrT1jHoK030od1eyE9q9T84j3Wt6grPZc/RxVna3CSUs7vAgadiUzHtetIoyGAmakFc9IbXoNE2JPg.',
    );
    const kept = cryptPassword('correct horse');
    expect([fitsPassword('correct horse', kept), fitsPassword('wrong', kept), fitsPassword('', '!')]).toEqual(
      [true, false, false],
    );
  });
});

describe('keys of a practice machine', () => {
  it('are files that another SSH implementation reads', () => {
    const key = makeKey('me@spark');
    const parsed = utils.parseKey(privateKeyFile(key));
    if (parsed instanceof Error) throw parsed;
    expect(`ssh-ed25519 ${parsed.getPublicSSH().toString('base64')}`).toBe(key.publicKey);
    expect(parsed.comment).toBe('me@spark');
  });

  it('come back from their file; a damaged file gives none', () => {
    const key = makeKey('a comment');
    const file = privateKeyFile(key);
    expect(readPrivateKey(file)).toMatchObject({ publicKey: key.publicKey, comment: 'a comment' });
    expect(readPrivateKey(file.slice(0, -80))).toBeNull();
    expect(readPublicKey(`${key.publicKey.slice(0, -8)} x`)).toBeNull();
    expect(readPublicKey(`restrict ${key.publicKey} x y`)).toMatchObject({
      publicKey: key.publicKey,
      comment: 'x y',
    });
    expect(fingerprint(key.publicKey)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});
