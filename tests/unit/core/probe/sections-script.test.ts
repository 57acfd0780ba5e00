import { Buffer } from 'node:buffer';
import { afterEach, describe, expect, it } from 'vitest';
import { malformed } from '../../../../src-main/core/probe/parsed';
import { readSection, section, type Lane, type Section } from '../../../../src-main/core/probe/section';
import { parseSections, sectionsScript } from '../../../../src-main/core/probe/sections-script';
import { raw } from '../../../../src-main/core/shell/quote';
import { fakeCommands } from './fake-commands';
import { LocalSession } from './local-session';

const NONCE = '0123456789abcdef0123456789abcdef';
const one = (name: string, script: string, lane: Lane = 'system', limits = {}): Section =>
  section(name, lane, name, raw(script), { seconds: 5, maxBytes: 10_000, ...limits });

async function run(sections: Section[], path?: string) {
  const session = new LocalSession(path === undefined ? {} : { path });
  const started = performance.now();
  const result = await session.exec({ script: sectionsScript(sections, NONCE).text, root: true });
  const results = parseSections(result.stdout, sections, NONCE);
  return { ...result, results, ms: performance.now() - started };
}

const answer = (stdout: string, rest = {}) => ({ answered: true, code: 0, stdout, stderr: '', ...rest });

let remove: (() => void) | undefined;
afterEach(() => {
  remove?.();
  remove = undefined;
});

describe('sections', () => {
  it('answer each with their own output, errors and exit status', async () => {
    const { results } = await run([
      one('plain', 'echo out; echo err >&2'),
      one('fails', 'echo part; exit 3'),
      one('silent', ':', 'network'),
      one('missing', 'no-such-command', 'ports'),
      one('syntax', 'if then ((', 'files'),
      one('unset', 'echo "${nothing:?gone}"', 'gpu'),
      one('dies', 'kill -9 $$; echo no', 'firewall'),
    ]);
    expect(results.get('plain')).toEqual(answer('out\n', { stderr: 'err' }));
    expect(results.get('fails')).toEqual(answer('part\n', { code: 3 }));
    expect(results.get('silent')).toEqual(answer(''));
    expect(results.get('missing')).toMatchObject({ code: 127 });
    expect(results.get('syntax')).toMatchObject({ answered: true, code: 2 });
    expect(results.get('unset')).toMatchObject({ code: 2 });
    expect(results.get('dies')).toMatchObject({ answered: false });
  });

  it('carry any bytes', async () => {
    const { results } = await run([
      one('bytes', `printf 'a\\000b\\377\\r\\n\\033[2J'`),
      one('utf8', `printf '%s' '한국어 $(id) \\\\'`),
    ]);
    expect(results.get('bytes')).toEqual(answer('a\0b\uFFFD\r\n\u001B[2J'));
    expect(results.get('utf8')).toEqual(answer('한국어 $(id) \\\\'));
  });

  it('cannot forge each other, even when a command has found the nonce', async () => {
    const forged = `${NONCE} victim 0 ${Buffer.from('forged\n0').toString('base64')} `;
    const { results } = await run([
      one('hostile', `printf '\\n%s\\n' '${forged}' '${forged}'; printf '\\n%s\\n' '${forged}' >&2`),
      one('stray', `printf '\\n%s\\n' '${forged}' >&3; printf '\\n%s\\n' '${forged}' >&4; exit 0`),
      one('victim', 'echo honest'),
    ]);
    expect(results.get('victim')).toEqual(answer('honest\n'));
    expect(results.get('hostile')).toMatchObject({ answered: true, code: 0 });
  });

  it('that come twice are believed neither time', () => {
    const line = `${NONCE} a 0 ${Buffer.from('x\n0').toString('base64')} \n`;
    expect(parseSections(line, [one('a', ':')], NONCE).get('a')).toMatchObject({ stdout: 'x' });
    expect(parseSections(line + line, [one('a', ':')], NONCE).get('a')).toMatchObject({
      reason: 'malformed',
    });
    expect(parseSections(line, [one('b', ':')], NONCE).size).toBe(0);
    expect(parseSections(line.slice(0, -6), [one('a', ':')], NONCE).get('a')).toMatchObject({
      reason: 'malformed',
    });
  });

  it('have a limit on their output; the others keep theirs', async () => {
    const { results, stdout } = await run([
      one('endless', 'yes'),
      one('big', 'head -c 50000000 /dev/zero', 'network'),
      one('errors', 'head -c 50000000 /dev/zero >&2; echo done', 'ports'),
      one('after', 'echo fine'),
    ]);
    expect(results.get('endless')).toMatchObject({ answered: false, reason: 'too-large' });
    expect(results.get('big')).toMatchObject({ answered: false, reason: 'too-large' });
    expect(results.get('errors')).toMatchObject({ answered: true });
    expect(results.get('after')).toEqual(answer('fine\n'));
    expect(stdout.length).toBeLessThan(100_000);
  });

  it('have a limit on their time, and lanes run side by side', async () => {
    const slow = { seconds: 1 };
    const { results, ms } = await run([
      one('hangs', 'echo before; sleep 60', 'system', slow),
      one('after', 'echo fine'),
      one('stubborn', `trap '' TERM; sleep 60`, 'network', slow),
      one('reads', 'cat', 'ports', slow),
      one('child', '(trap "" HUP; sleep 60) & echo left', 'files', slow),
      one('session', 'setsid sleep 20 & echo left', 'gpu', slow),
    ]);
    expect(results.get('hangs')).toMatchObject({ answered: false, reason: 'timeout' });
    expect(results.get('after')).toEqual(answer('fine\n'));
    expect(results.get('stubborn')).toMatchObject({ answered: false, reason: 'timeout' });
    expect(results.get('reads')).toEqual(answer(''));
    expect(results.get('child')).toMatchObject({ answered: false, reason: 'timeout' });
    expect(results.get('session')).toMatchObject({ answered: false, reason: 'timeout' });
    // Five lanes that wait a second or two: one after the other they would take six.
    expect(ms).toBeLessThan(5500);
  }, 20_000);

  it('work without timeout(1)', async () => {
    const fake = fakeCommands({});
    ({ remove } = fake);
    const sections = [one('a', 'echo a; exit 4')];
    const script = sectionsScript(sections, NONCE).text.replaceAll(
      'command -v timeout',
      'command -v no-timeout',
    );
    const result = await new LocalSession().exec({ script, root: true });
    expect(parseSections(result.stdout, sections, NONCE).get('a')).toEqual(answer('a\n', { code: 4 }));
  });
});

describe('a section as a fact', () => {
  const from = one('a', ':');
  const read = (result: object, options = {}) =>
    readSection(new Map([['a', result as never]]), from, () => malformed('x'), options);

  it.each([
    [answer('', { code: 127, stderr: 'a: not found' }), 'command-missing', 'a: not found'],
    [answer('', { code: 77 }), 'not-permitted', 'needs root'],
    [answer('', { code: 126 }), 'not-permitted', 'needs root'],
    [answer('', { code: 1 }), 'command-failed', 'exit status 1'],
    [answer('', { code: 1, stderr: '\u001B[31mred\u0007\n\nmore' }), 'command-failed', '[31mred more'],
    [answer('x'), 'malformed', 'x'],
    [{ answered: false, reason: 'timeout', detail: 'late' }, 'timeout', 'late'],
  ])('%j is %s', (result, reason, detail) => {
    expect(read(result)).toEqual({ known: false, reason, detail, source: 'a' });
  });

  it('is no answer where the line is missing', () => {
    expect(readSection(new Map(), from, () => malformed('x'))).toMatchObject({ reason: 'command-failed' });
  });
});
