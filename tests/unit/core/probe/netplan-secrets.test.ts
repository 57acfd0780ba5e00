import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseNetplanFiles } from '../../../../src-main/core/probe/netplan';
import { withoutSecrets } from '../../../../src-main/core/probe/netplan-secrets';
import { parseNetplanYaml } from '../../../../src-main/core/probe/netplan-yaml';
import { sample } from './samples';

/** As netplan writes down a connection that was made in GNOME. */
const WIFI = `network:
  version: 2
  wifis:
    NM-6f9c7d2e:
      renderer: NetworkManager
      match:
        name: "wlP9s9"
      dhcp4: true
      access-points:
        "Home: 5 GHz":
          auth:
            key-management: "sae"
            password: "correct horse"
          networkmanager:
            passthrough:
              wifi-security.psk: 'also, secret'
              "802-1x.client-key-password": hunter22
              proxy._: ""
      networkmanager:
        uuid: "6f9c7d2e"
`;
const WIREGUARD = `network:
  tunnels:
    wg0:
      mode: wireguard
      key: 4GgaQCy68nzNsUE5aJ9fuLzHhB65tAlwbmA72MWnOm8=
      addresses: [10.9.0.1/24]
      peers:
      - keys:
          public: rlbInAj0qV69CysWPQY7KEBnKxpYCpaWqOs/dLevdWc=
          shared: |
            7voRZ/ojfXgfPOlswo3Lpma1RJq7qijIEEUEMShQFV8=
  bridges:
    private: {addresses: [10.8.0.1/24], interfaces: [enp1s0f0np0]}
`;
const line = (path: string, content: string) =>
  `f 600 0 0 ${Buffer.byteLength(content)} - =${Buffer.from(content).toString('base64')} ${path}\n`;

describe('secrets in netplan files', () => {
  it('leave a Wi-Fi file’s facts without its password, and with the hash of the file itself', () => {
    const path = '/etc/netplan/90-NM-6f9c7d2e.yaml';
    const facts = parseNetplanFiles(`${line(path, WIFI)}end\n`);
    const found = facts.known ? facts.value.files[0] : undefined;
    expect(found).not.toHaveProperty('problem');
    expect(found?.file).toMatchObject({
      sizeBytes: Buffer.byteLength(WIFI),
      sha256: createHash('sha256').update(WIFI).digest('hex'),
      content: WIFI.replace('"correct horse"', '"•••"')
        .replace("'also, secret'", '"•••"')
        .replace('hunter22', '"•••"'),
    });
  });

  it('are keys of WireGuard too; names, addresses and interfaces called like one stay', () => {
    const shown = withoutSecrets(WIREGUARD) ?? '';
    expect(shown).not.toMatch(/4GgaQCy|7voRZ/);
    expect(shown).toContain('rlbInAj0qV69CysWPQY7KEBnKxpYCpaWqOs');
    expect(parseNetplanYaml(shown)).toEqual(parseNetplanYaml(WIREGUARD));
  });

  it.each([
    ['a: {password: hunter22, x: 1}', 'a: {password: "•••", x: 1}'],
    ['a: {"password": hunter22}\n', 'a: {"password": "•••"}\n'],
    ['"pass\\x77ord": hunter22\n', '"pass\\x77ord": "•••"\n'],
    ['? password\n: hunter22\n', '? password\n: "•••"\n'],
    ['password:\n  hunter22\n  and more\nb: 1\n', 'password:\n  "•••"\nb: 1\n'],
    ['password: >-\n  hunter22\n\n  more\nb: 1\n', 'password: "•••"\nb: 1\n'],
    ['secrets: [hunter22, more]\n', 'secrets: ["•••", "•••"]\n'],
    ['ssid: &x hunter22\npassword: *x\n', 'ssid: &x "•••"\npassword: *x\n'],
    ['password: &x hunter22\nssid: *x\n', 'password: &x "•••"\nssid: *x\n'],
    ['a: "psk=hunter22"\n', 'a: "•••"\n'],
    ['a: {password:hunter22}\n', 'a: {"•••"}\n'],
    ['\uFEFFa: 1 # was:\r\n#password: hunter22\r\n#  more\r\n', '\uFEFFa: 1 # was:\r\n#\r\n#\r\n'],
    ['a: "# psk: hunter22"\nb: |\n  # no comment\n', 'a: "•••"\nb: |\n  # no comment\n'],
  ])('are found in %j', (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
  });

  it('never leave a file that cannot be understood, not even in what the parser says of it', () => {
    const bomb = '{a: '.repeat(50_000);
    const facts = parseNetplanFiles(`${line('/etc/netplan/a.yaml', 'a: [1\npsk: }"hunter22"\n')}end\n`);
    expect(JSON.stringify(facts)).not.toContain('hunter22');
    expect(facts).toMatchObject({ value: { files: [{ problem: 'not YAML' }] } });
    expect(withoutSecrets('password: &a [*a]\n')).toBeUndefined();
    expect([undefined, bomb]).toContain(withoutSecrets(bomb));
  });

  it('change nothing where there are none', () => {
    const text = sample('netplan_40-cx7_nodeA_mixed_ports.yaml');
    expect(withoutSecrets(text)).toBe(text);
    expect(withoutSecrets('')).toBe('');
  });
});
