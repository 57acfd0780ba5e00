import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { quote, raw, sh } from '../../../../src-main/core/shell/quote';

const HOSTILE = [
  '',
  ' ',
  "it's",
  `"; touch /pwned; "`,
  '$(touch /pwned)',
  '`id`',
  '-rf',
  '~root',
  'a=b',
  '*',
  '\\',
  "'\\''",
  'line\nline',
  '\x1b[2J',
  '한글',
  '!history',
  '#comment',
  'a\tb',
];

describe('quote', () => {
  test.each(HOSTILE)('a real shell reads %j back as one word', (word) => {
    const printed = execFileSync('/bin/sh', ['-c', `printf '%s|' ${quote(word)} end`], { encoding: 'utf8' });
    expect(printed).toBe(`${word}|end|`);
  });

  test('leaves plain words readable', () => {
    expect(quote('/etc/netplan/40-cx7.yaml')).toBe('/etc/netplan/40-cx7.yaml');
    expect(quote('192.168.100.10/24')).toBe('192.168.100.10/24');
  });

  test('refuses NUL, which no argument can carry', () => {
    expect(() => quote('a\0b')).toThrow(RangeError);
  });
});

test('sh quotes every value, spreads lists, keeps scripts', () => {
  expect(sh`rm -- ${['a b', 'c']} ${raw('| wc')} ${7}`.text).toBe(`rm -- 'a b' c | wc 7`);
});
