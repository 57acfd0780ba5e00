import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isSecretName, looksSecret, secretPattern } from '../../../src-main/core/secret-text';

describe('a text that gives a secret away', () => {
  it.each([
    ['psk="correct horse"', true],
    ['            password: hunter22', true],
    ["{'password': x}", true],
    ['wifi-security.psk: x', true],
    ['wireguard.private-key=x', true],
    ['"wireguard-peer.rlbInAj0qV69+/dLevdWc=.preshared-key": x', true],
    ['vpn-secrets.Xauth: x', true],
    ['-----BEGIN OPENSSH PRIVATE KEY-----', true],
    ['key-management: psk', false],
    ['addresses: [10.0.0.1/24]', false],
    ['IdentityFile ~/.ssh/id_ed25519', false],
    ['PasswordAuthentication no', false],
  ])('%s: %s', (line, secret) => {
    expect(looksSecret(line)).toBe(secret);
    const { status } = spawnSync('grep', ['-aEiq', secretPattern], { input: `${line}\n` });
    expect(status === 0).toBe(secret);
  });

  it('has a name', () => {
    const names = ['password', 'Xauth password', 'client-key-password', 'wep-key1', 'auth', 'gsm.pin'];
    expect(names.filter((name) => !isSecretName(name))).toEqual([]);
    expect(['key-management', 'addresses', 'client-key', 'passthrough'].filter(isSecretName)).toEqual([]);
  });
});
