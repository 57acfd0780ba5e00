import { describe, expect, test } from 'vitest';
import {
  bootstrap,
  dispatcher,
  endGroupScript,
  evalLine,
  frameLine as appFrameLine,
  sudoLine,
  userLine,
} from '../../../../src-main/adapters/ssh2/shell-text';
import {
  endedGroup,
  evaluated,
  frameLine,
  readyNonce,
  shellLine,
} from '../../../../src-main/practice/server/shell-lines';

const nonce = '0123456789abcdef0123456789abcdef';
const other = 'fedcba9876543210fedcba9876543210';
const scripts = [
  'true',
  '',
  'a\nb\n\nc',
  `printf '%s\\n' "it's" "$_n"`,
  `x='a'\\''b'"$_n"'c'`,
  'ä 한글 \\ ! ` "',
  `'\n'`,
];

/** Whatever the app writes to a node's shells has to be understood here, or nothing runs on a practice node. */
describe('the texts of the app', () => {
  test('a request for a waiting shell', () => {
    expect(readyNonce(bootstrap(nonce))).toBe(nonce);
    expect(readyNonce(`${bootstrap(nonce)} `)).toBeUndefined();
    expect(readyNonce('ls')).toBeUndefined();
  });

  test.each(scripts)('a script: %j', (script) => {
    expect(evaluated(evalLine(script))).toBe(script);
    expect(shellLine(userLine(script, undefined))).toEqual({
      kind: 'script',
      script,
      inputLength: undefined,
    });
    expect(shellLine(userLine(script, 8))).toEqual({ kind: 'script', script, inputLength: 8 });
  });

  test('becoming root, by sudo and as root', () => {
    const text = dispatcher(nonce);
    const prompt = 'ab'.repeat(16);
    expect(shellLine(text)).toEqual({ kind: 'dispatcher', hello: nonce });
    expect(shellLine(sudoLine(prompt, other, text))).toEqual({
      kind: 'sudo',
      prompt,
      missing: other,
      hello: nonce,
    });
  });

  test('a frame, with input and without', () => {
    expect(frameLine(appFrameLine(nonce, undefined))).toEqual({ nonce, inputLength: undefined });
    expect(frameLine(appFrameLine(nonce, 1234))).toEqual({ nonce, inputLength: 1234 });
    expect(frameLine(appFrameLine(nonce, 4).replace(nonce, other))).toBeUndefined();
    expect(frameLine('rm -rf /')).toBeUndefined();
  });

  test('the end of a process group', () => {
    expect(endedGroup(endGroupScript(4711))).toBe(4711);
    expect(endedGroup('kill -s TERM -- -4711')).toBeUndefined();
  });

  test('any other line is a script', () => {
    expect(shellLine('echo hi')).toEqual({ kind: 'script', script: 'echo hi', inputLength: undefined });
    expect(evaluated(`_n=\${IFS#??}; eval 'a'"$_n"b c`)).toBe(`_n=\${IFS#??}; eval 'a'"$_n"b c`);
  });
});
