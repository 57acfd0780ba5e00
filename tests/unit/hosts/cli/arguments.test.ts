import { describe, expect, it } from 'vitest';
import { parseNode, parsePlanHash, parseSettings } from '../../../../src-main/hosts/cli/arguments';

const usage = /^USAGE /;

describe('arguments', () => {
  it('reads --set key=value; the value may hold =', () => {
    expect(parseSettings(['a.b=c', 'd=e=f', 'g='])).toEqual({ 'a.b': 'c', d: 'e=f', g: '' });
    expect(parseSettings()).toEqual({});
  });

  it.each([[['novalue']], [['=x']], [['a=1', 'a=2']]])('refuses --set %j', (settings) => {
    expect(() => parseSettings(settings)).toThrow(usage);
  });

  it.each([
    ['nvidia@10.0.0.1', { user: 'nvidia', host: '10.0.0.1', port: undefined }],
    ['nvidia@spark.local:2222', { user: 'nvidia', host: 'spark.local', port: 2222 }],
    ['alias', { user: undefined, host: 'alias', port: undefined }],
    ['u@[fe80::1%eth0]:22', { user: 'u', host: 'fe80::1%eth0', port: 22 }],
  ])('reads --node %s', (text, node) => expect(parseNode(text)).toEqual(node));

  it.each([
    '',
    '@host',
    'a b',
    '-oProxyCommand=x',
    'u@-oProxyCommand=x',
    '-u@host',
    'host:0',
    'host:70000',
    'a@b@c',
    'h;id',
  ])('refuses --node %j', (text) => expect(() => parseNode(text)).toThrow(usage));

  it('takes a plan’s hash whole or from its first 12 digits', () => {
    expect(parsePlanHash('ABCDEF012345')).toBe('abcdef012345');
    expect(parsePlanHash(undefined)).toBeUndefined();
    for (const bad of ['abc', 'g'.repeat(12), 'a'.repeat(65)]) {
      expect(() => parsePlanHash(bad)).toThrow(usage);
    }
  });
});
