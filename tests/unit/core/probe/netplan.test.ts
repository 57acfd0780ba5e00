import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { parseNetplanFiles } from '../../../../src-main/core/probe/netplan';
import { parseNetplanYaml } from '../../../../src-main/core/probe/netplan-yaml';
import { sample } from './samples';

const line = (path: string, content: string) =>
  `f 600 0 0 ${Buffer.byteLength(content)} - =${Buffer.from(content).toString('base64')} ${path}\n`;
const named = (renderer: string) => `network:\n  version: 2\n  renderer: ${renderer}\n`;

describe('netplan files', () => {
  it('are read by file name over all folders; the last to name a renderer decides', () => {
    const facts = parseNetplanFiles(
      line('/lib/netplan/00-network-manager-all.yaml', named('NetworkManager')) +
        line('/etc/netplan/40-cx7.yaml', sample('netplan_40-cx7_nodeA_mixed_ports.yaml')) +
        line('/run/netplan/20-mine.yaml', named('networkd')) +
        'end\n',
    );
    expect(facts).toMatchObject({ known: true, value: { renderer: 'networkd' } });
    expect(facts.known && facts.value.files.map((one) => one.path)).toEqual([
      '/lib/netplan/00-network-manager-all.yaml',
      '/run/netplan/20-mine.yaml',
      '/etc/netplan/40-cx7.yaml',
    ]);
    expect(facts.known && facts.value.files[2]?.file).toMatchObject({
      exists: true,
      mode: '0600',
      uid: 0,
      content: sample('netplan_40-cx7_nodeA_mixed_ports.yaml'),
    });
  });

  it('of one name shadow each other: /run before /etc before /lib', () => {
    const facts = parseNetplanFiles(
      line('/run/netplan/40-cx7.yaml', 'network: {version: 2}\n') +
        line('/lib/netplan/40-cx7.yaml', named('networkd')) +
        line('/etc/netplan/40-cx7.yaml', named('NetworkManager')) +
        'end\n',
    );
    expect(facts).toMatchObject({
      known: true,
      value: {
        renderer: null,
        files: [
          { path: '/lib/netplan/40-cx7.yaml', shadowed: true },
          { path: '/etc/netplan/40-cx7.yaml', shadowed: true },
          { path: '/run/netplan/40-cx7.yaml' },
        ],
      },
    });
    expect(facts.known && facts.value.files[2]).not.toHaveProperty('shadowed');
  });

  it('that cannot be understood keep their problem and lose no other', () => {
    const facts = parseNetplanFiles(
      line('/etc/netplan/10-bad.yaml', 'network:\n\t- {[\n') +
        line('/etc/netplan/20-empty.yaml', '') +
        line('/etc/netplan/30-good.yaml', named('networkd')) +
        line('/etc/netplan/40-list.yaml', '- a\n') +
        'end\n',
    );
    expect(facts).toMatchObject({ known: true, value: { renderer: 'networkd' } });
    const problems = facts.known ? facts.value.files.map((one) => one.problem) : [];
    expect(problems).toEqual([expect.stringMatching(/^not YAML/), undefined, undefined, 'no mapping']);
  });

  it('are known to be none, unknown when the list is cut, and not permitted when one may not be read', () => {
    expect(parseNetplanFiles('end\n')).toEqual({ known: true, value: { renderer: null, files: [] } });
    expect(parseNetplanFiles(line('/etc/netplan/a.yaml', 'x'))).toMatchObject({
      known: false,
      reason: 'malformed',
    });
    const denied = 'x 600 0 0 49 - - /etc/netplan/a.yaml\nend\n';
    expect(parseNetplanFiles(denied)).toMatchObject({ known: false, reason: 'not-permitted' });
    expect(parseNetplanFiles(line('/etc/shadow', 'x') + 'end\n')).toMatchObject({ known: false });
  });
});

describe('netplan text', () => {
  it('gives the interfaces and their addresses', () => {
    const port = { kind: 'ethernets', match: null, setName: null };
    expect(parseNetplanYaml(sample('netplan_40-cx7_nodeA_mixed_ports.yaml'))).toEqual({
      known: true,
      value: {
        renderer: null,
        interfaces: [
          { ...port, id: 'enp1s0f1np1', addresses: ['192.168.100.11/24'] },
          { ...port, id: 'enP2p1s0f1np1', addresses: ['192.168.200.17/24'] },
        ],
      },
    });
  });

  it('sees matches, new names and addresses with options', () => {
    const text = [
      'network:',
      '  ethernets:',
      '    fast:',
      '      match: {name: "enp1*"}',
      '      set-name: fast0',
      '      addresses:',
      '        - 10.0.0.1/24: {label: x}',
      '        - [1]',
      '    __proto__: {dhcp4: yes}',
    ].join('\n');
    expect(parseNetplanYaml(text)).toMatchObject({
      known: true,
      value: {
        interfaces: [{ id: 'fast', match: 'enp1*', setName: 'fast0', addresses: ['10.0.0.1/24'] }, {}],
      },
    });
  });

  it('withstands bombs: aliases, depth, repeated keys', () => {
    const aliases = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let i = 0; i < 12; i++) {
      const [from, to] = [String.fromCharCode(97 + i), String.fromCharCode(98 + i)];
      aliases.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(',')}]`);
    }
    expect(parseNetplanYaml(aliases.join('\n'))).toMatchObject({ known: false });
    const started = performance.now();
    parseNetplanYaml('{a: '.repeat(50_000));
    parseNetplanYaml('a: 1\n'.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
