import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { address, addressSpecSchema } from '../../../../src-main/core/change/address';
import type { LinkState } from '../../../../src-main/core/change/netplan-link';
import { isFailure } from '../../../../src-main/core/failure';
import { portOutput, servicesOutput, type PortOutput } from './netplan-output';

const A = 'enp1s0f1np1';
const spec = addressSpecSchema.parse({ interface: A, addresses: ['192.168.100.10/24'], mtu: 9000, up: true });
const scope = { run: 'run-1', index: 0, node: 'spark-5c2d' };

const output = (port: Partial<PortOutput>) =>
  `${servicesOutput()}\n${portOutput({ name: A, ...port })}\nend\n`;
const look = (port: Partial<PortOutput> = {}): LinkState => address.parse(spec, output(port));
const ip = (local: string, prefixlen = 24) => ({ family: 'inet', local, prefixlen, scope: 'global' });
const prior = look({ up: false, carrier: false, addresses: [] });

describe('address', () => {
  it.each<[string, Partial<PortOutput>, 'prior' | 'ours' | 'foreign']>([
    ['untouched', { up: false, carrier: false, addresses: [] }, 'prior'],
    ['only the MTU', { up: false, carrier: false, addresses: [], mtu: 9000 }, 'ours'],
    ['up', { mtu: 9000 }, 'ours'],
    ['whole', { mtu: 9000, addresses: [ip('192.168.100.10')] }, 'ours'],
    [
      'somebody added an address',
      { mtu: 9000, addresses: [ip('192.168.100.10'), ip('10.0.0.1')] },
      'foreign',
    ],
    ['somebody set another MTU', { mtu: 4000, addresses: [ip('192.168.100.10')] }, 'foreign'],
  ])('judges %s', (_what, port, verdict) => {
    expect(address.judge(spec, prior, undefined, look(port))).toBe(verdict);
  });

  it('is done with all addresses, the MTU, and the port up', () => {
    const whole = { mtu: 9000, addresses: [ip('192.168.100.10')] };
    expect(address.satisfied(spec, look(whole))).toBe(true);
    expect(address.satisfied(spec, look({ ...whole, mtu: 1500 }))).toBe(false);
    expect(address.satisfied(spec, look({ ...whole, up: false, carrier: false }))).toBe(false);
    expect(address.satisfied(spec, look({ mtu: 9000 }))).toBe(false);
  });

  it('shows what `ip` will do, and that it does not last', () => {
    const { commands } = address.forward(spec, prior, scope);
    expect(commands[0]?.script.text).toContain(`ip addr replace 192.168.100.10/24 dev ${A}`);
    const [preview] = address.preview(spec, prior);
    expect(preview?.before).toContain('down mtu 1500');
    expect(preview?.after).toMatch(/up mtu 9000[\s\S]*192\.168\.100\.10\/24[\s\S]*until the next reboot/);
  });

  it('makes POSIX sh', () => {
    for (const { commands } of [
      address.forward(spec, prior, scope),
      address.backward(spec, prior, prior, scope),
    ]) {
      for (const { script } of commands) {
        expect(spawnSync('sh', ['-n', '-c', script.text], { encoding: 'utf8' }).stderr).toBe('');
      }
    }
  });

  it('writes addresses as the kernel does, and refuses what is none', () => {
    const given = { interface: A, mtu: null, up: true };
    const parsed = addressSpecSchema.parse({ ...given, addresses: ['FD00:0:0::1/64'] });
    expect(parsed.addresses).toEqual(['fd00::1/64']);
    for (const bad of ['10.0.0.1', '10.0.0.1/33', '10.1/16', '$(reboot)/24', '10.0.0.1/24 dev lo']) {
      expect(addressSpecSchema.safeParse({ ...given, addresses: [bad] }).success).toBe(false);
    }
  });

  it('does not begin on a port that is not there, and refuses output that is not its own', () => {
    expect(() => address.forward(spec, { name: A, present: false }, scope)).toThrow(/no-such-interface/);
    for (const text of [
      '',
      output({}).replace('end', ''),
      `${output({})}more\n`,
      output({}).replaceAll(A, 'lo'),
    ]) {
      let thrown: unknown;
      try {
        address.parse(spec, text);
      } catch (error) {
        thrown = error;
      }
      expect(isFailure(thrown, 'CHANGE_FAILED')).toBe(true);
    }
  });
});
