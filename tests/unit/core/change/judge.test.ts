import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { block } from '../../../../src-main/core/change/block';
import { blockText } from '../../../../src-main/core/change/block-text';
import { directory } from '../../../../src-main/core/change/directory';
import type { Entry } from '../../../../src-main/core/change/entry';
import { file } from '../../../../src-main/core/change/file';
import { firewall } from '../../../../src-main/core/change/firewall';
import { keypair } from '../../../../src-main/core/change/keypair';
import { packages, type PackageState } from '../../../../src-main/core/change/package';
import { kinds } from '../../../../src-main/core/change/registry';
import { unit } from '../../../../src-main/core/change/unit';
import { user, type UserState } from '../../../../src-main/core/change/user';
import { absent, entry, scope } from './support';

const own = { owner: 'root', group: 'root' };

describe('file', () => {
  const spec = { path: '/etc/x', content: 'new', mode: '0600', ...own };
  const state = (now: Entry, leftovers: string[] = []) => ({ entry: now, leftovers });
  const prior = state(entry('old', { mode: '0644' }));
  const after = state(entry('new'));
  it.each([
    ['untouched', prior, undefined, prior, 'prior'],
    ['a temporary file is left', prior, undefined, state(prior.entry, ['temp run-1-7']), 'ours'],
    ['done, not journaled', prior, undefined, after, 'ours'],
    ['done', prior, after, after, 'ours'],
    ['edited', prior, after, state(entry('new!')), 'foreign'],
    ['mode changed', prior, after, state(entry('new', { mode: '0644' })), 'foreign'],
    ['replaced by a link', prior, after, state({ type: 'other', what: 'symlink' }), 'foreign'],
    ['removed', prior, after, state(absent), 'foreign'],
    ['taken back by hand', prior, after, prior, 'prior'],
  ] as const)('%s', (_name, before, left, now, verdict) => {
    expect(file.judge(spec, before, left, now)).toBe(verdict);
  });
  it('shows what it will do, and no secret', () => {
    expect(file.preview(spec, prior)).toEqual([
      { title: '/etc/x', before: 'old', after: 'new', mode: '0600' },
    ]);
    const hidden = state(entry('psk=x', { content: null, hidden: 'secret' }));
    expect(file.preview(spec, hidden)[0]?.before).toMatch(/^\(secret: 5 bytes/);
  });
  it('does not act on a reading that is damaged or was raced', () => {
    const good = `file 600 0 0 root root 1 ${'0'.repeat(64)} text:YQ==\n`;
    for (const output of [
      '',
      'file',
      'absent\nabsent',
      good,
      'other thing',
      'file 600 0 0 root root 1 x large',
    ]) {
      expect(() => file.parse(spec, output)).toThrow(/CHANGE_FAILED/);
    }
  });
});

describe('block', () => {
  const parts = [{ kind: 'text' as const, text: 'line\n' }];
  const spec = { path: '/a', ...own, mode: '0600', label: 'x', place: 'end' as const, parts };
  const ours = blockText('x', parts)!;
  const read = (content: string | null) => {
    if (content === null) return block.parse(spec, 'absent\n');
    const { sha256, sizeBytes } = entry(content);
    const body = Buffer.from(content).toString('base64');
    return block.parse(spec, `file 600 0 0 root root ${sizeBytes} ${sha256} text:${body}\n`);
  };
  it.each([
    ['a\n', undefined, 'a\n', 'prior'],
    ['a\n', undefined, `a\n${ours}`, 'ours'],
    ['a\n', `a\n${ours}`, `a\n${ours}b`, 'ours'],
    ['a\n', `a\n${ours}`, 'a\nb', 'prior'],
    ['a\n', `a\n${ours}`, `a\n${ours.replace('line', 'LINE')}`, 'foreign'],
    ['a\n', `a\n${ours}`, `a\n${ours}${ours}`, 'foreign'],
    ['a\n', `a\n${ours}`, `a\n${ours.replace('# END', '#END')}`, 'foreign'],
    ['a\n', `a\n${ours}`, `a\n${ours.replaceAll('\n', '\r\n')}`, 'foreign'],
    [null, ours, ours, 'ours'],
    [null, ours, '', 'ours'],
    [null, ours, null, 'prior'],
    [ours.replace('line', 'old'), ours, ours, 'ours'],
    [ours.replace('line', 'old'), ours, '', 'foreign'],
  ])('from %j, left %j, now %j: %s', (prior, after, now, verdict) => {
    expect(block.judge(spec, read(prior), after === undefined ? undefined : read(after), read(now))).toBe(
      verdict,
    );
  });
  it('is satisfied by exactly its text, and never where keys decide', () => {
    expect(block.satisfied(spec, read(`a\n${ours}b`))).toBe(true);
    expect(block.satisfied(spec, read(ours.replace('line', 'old')))).toBe(false);
    const keyed = { ...spec, parts: [{ kind: 'local-file' as const, path: '/k.pub' }] };
    expect(block.satisfied(keyed, read(ours))).toBe(false);
  });
  it('previews the whole file, keys by their source', () => {
    const keyed = { ...spec, parts: [{ kind: 'peer-file' as const, node: 'b', path: '/k.pub' }] };
    expect(block.preview(keyed, read('a'))[0]).toEqual({
      title: '/a',
      before: 'a',
      after: 'a\n# BEGIN twinspark x\n<b:/k.pub>\n# END twinspark x\n',
      mode: '0600',
    });
  });
  it('refuses a file whose markers are damaged', () => {
    expect(() => block.forward(spec, read('# BEGIN twinspark x\n'), scope)).toThrow(/markers-damaged/);
  });
});

describe('directory', () => {
  const spec = { path: '/d', mode: '0700', ...own };
  const none = { type: 'absent' as const };
  const folder = { type: 'directory' as const, mode: '0700', uid: 0, gid: 0, ...own, empty: true };
  it.each([
    [none, undefined, none, 'prior'],
    [none, undefined, { ...folder, mode: '0755' }, 'ours'],
    [none, folder, folder, 'ours'],
    [none, folder, { ...folder, empty: false }, 'ours'],
    [none, folder, { ...folder, mode: '0755' }, 'foreign'],
    [none, undefined, { ...folder, mode: '0755', empty: false }, 'foreign'],
    [none, folder, { type: 'other' as const }, 'foreign'],
    [{ ...folder, mode: '0755' }, undefined, folder, 'ours'],
    [{ ...folder, mode: '0755' }, folder, { ...folder, mode: '0711' }, 'foreign'],
  ])('%#', (prior, after, now, verdict) => expect(directory.judge(spec, prior, after, now)).toBe(verdict));
  it('is undone although others keep it', () => {
    expect(directory.undone(spec, none, { ...folder, empty: false })).toBe(true);
    expect(directory.undone(spec, none, folder)).toBe(false);
  });
});

describe('keypair', () => {
  const spec = { path: '/k', user: 'u', group: 'u', comment: 'c', source: { kind: 'generate' as const } };
  const none = { type: 'absent' as const };
  const part = (mode: string, key: string | null, comment = 'c') => ({
    type: 'file' as const,
    mode,
    uid: 1,
    gid: 1,
    owner: 'u',
    group: 'u',
    key,
    comment,
  });
  const key = 'ssh-ed25519 AAAA';
  const prior = { private: none, public: none, leftovers: [] };
  const after = { private: part('0600', key), public: part('0644', key), leftovers: [] };
  it.each([
    ['untouched', undefined, prior, 'prior'],
    ['a temporary key is left', undefined, { ...prior, leftovers: ['temp run-1-7'] }, 'ours'],
    ['half placed', undefined, { ...prior, public: after.public }, 'ours'],
    ['placed', undefined, after, 'ours'],
    [
      'another’s key',
      undefined,
      { ...after, private: part('0600', key, 'me'), public: part('0644', key, 'me') },
      'foreign',
    ],
    [
      'rotated',
      after,
      { ...after, private: part('0600', 'ssh-ed25519 BBBB'), public: part('0644', 'ssh-ed25519 BBBB') },
      'foreign',
    ],
    ['given a passphrase', after, { ...after, private: part('0600', null) }, 'foreign'],
    ['half removed', after, { ...prior, private: after.private }, 'ours'],
  ] as const)('%s', (_name, left, now, verdict) => {
    expect(keypair.judge(spec, prior, left && { ...left }, { ...now, leftovers: [...now.leftovers] })).toBe(
      verdict,
    );
  });
});

describe('user', () => {
  const spec = { name: 'u', groups: ['sudo'], shell: '/bin/sh', password: 'secret' as const };
  const none: UserState = {
    account: null,
    password: false,
    available: ['sudo'],
    lines: [],
    home: 'absent',
    leftovers: [],
    extra: [],
  };
  const account = { uid: 1000, gid: 1000, gecos: '', home: '/home/u', shell: '/bin/sh' };
  const made: UserState = {
    ...none,
    account,
    password: true,
    lines: ['group sudo', 'passwd own'],
    home: 'directory',
    leftovers: ['kept run-1'],
  };
  it.each([
    [none, undefined, none, 'prior'],
    [none, undefined, { ...none, leftovers: ['kept run-1'] }, 'ours'],
    [none, made, made, 'ours'],
    [none, undefined, { ...made, password: false }, 'ours'],
    [none, made, { ...made, extra: ['/home/u/thesis'] }, 'foreign'],
    [none, made, { ...made, account: { ...account, shell: '/bin/zsh' } }, 'foreign'],
    [none, undefined, { ...made, leftovers: [] }, 'foreign'],
    [{ ...made, lines: [], leftovers: [] }, undefined, made, 'ours'],
    [{ ...made, lines: [], leftovers: [] }, undefined, { ...none, leftovers: ['kept run-1'] }, 'foreign'],
  ])('%#', (prior, after, now, verdict) => expect(user.judge(spec, prior, after, now)).toBe(verdict));
  it('asks for the password by name and never carries it', () => {
    const { commands } = user.forward(spec, none, scope);
    expect(commands[1]?.input).toEqual({
      kind: 'secret',
      secret: { kind: 'new-user-password', node: 'spark-5c2d', user: 'u' },
    });
  });
  it('refuses a name that is half in use', () => {
    expect(() => user.forward(spec, { ...none, lines: ['subuid own'] }, scope)).toThrow(/name-in-use/);
    expect(() => user.forward(spec, { ...none, home: 'directory' }, scope)).toThrow(/home-exists/);
    expect(() => user.forward({ ...spec, uid: 2000 }, made, scope)).toThrow(/other-uid/);
  });
});

describe('package', () => {
  const spec = { names: ['a'] };
  const base: PackageState = {
    packages: { libc6: 'ii 2 manual' },
    adds: ['a', 'b'],
    upgrades: [],
    removes: [],
    problem: '',
  };
  const with_ = (more: Record<string, string>): PackageState => ({
    ...base,
    packages: { ...base.packages, ...more },
  });
  it.each([
    [base, base, 'prior'],
    [base, with_({ a: 'ii 1 manual', b: 'ii 1 auto' }), 'ours'],
    [base, with_({ b: 'iU 1 auto' }), 'ours'],
    [base, with_({ other: 'ii 1 manual' }), 'prior'],
    [base, with_({ a: 'rc 1 manual' }), 'prior'],
    [with_({ a: 'ii 1 auto' }), with_({ a: 'ii 1 manual' }), 'ours'],
  ])('%#', (prior, now, verdict) => expect(packages.judge(spec, prior, undefined, now)).toBe(verdict));
  it('removes what it brought, and says what stays', () => {
    const text = packages.backward(
      spec,
      base,
      with_({ a: 'ii 1 manual', b: 'ii 1 auto', theirs: 'ii 1 manual' }),
      scope,
    ).commands[0]?.script.text;
    expect(text).toMatch(/ remove a b$/m);
    expect(text).not.toContain('theirs');
    expect(packages.irreversible?.(spec, base)?.code).toBe('change.package.irreversible');
  });
});

describe('unit and firewall', () => {
  it('sees another tool’s hand', () => {
    const link: [string, string] = ['/etc/systemd/system/x.wants/a.service', '../a.service'];
    const prior = { file: 'disabled', active: false, links: [] };
    const after = { file: 'enabled', active: true, links: [link] };
    const spec = { unit: 'a.service', enabled: true, active: true };
    expect(unit.judge(spec, prior, after, after)).toBe('ours');
    expect(unit.judge(spec, prior, after, { ...after, active: false })).toBe('ours');
    expect(unit.judge(spec, prior, after, { ...prior, active: true })).toBe('ours');
    expect(unit.judge(spec, prior, after, { ...after, links: [link, ['/etc/other', 'x']] })).toBe('foreign');
    expect(unit.judge(spec, prior, after, { ...after, file: 'masked' })).toBe('foreign');
    expect(() => unit.forward(spec, { ...prior, file: 'not-found' }, scope)).toThrow(/not-found/);
  });
  it('knows its own rule among the others', () => {
    const spec = { interface: 'e1', from: '192.168.100.11/24', comment: 'ab' };
    const rule = '### tuple ### allow any any 0.0.0.0/0 any 192.168.100.0/24 in_e1';
    const state = (text: string) => ({ ufw: 'active' as const, rules: entry(text), rules6: absent });
    expect(firewall.judge(spec, state(''), undefined, state(''))).toBe('prior');
    expect(firewall.judge(spec, state(''), undefined, state(`${rule} comment=6162\n`))).toBe('ours');
    expect(firewall.judge(spec, state(''), undefined, state(`${rule} comment=6163\n`))).toBe('foreign');
    expect(firewall.judge(spec, state(''), undefined, state(`${rule}0 comment=6162\n`))).toBe('prior');
    expect(firewall.satisfied(spec, state(`${rule}\n`))).toBe(true);
    expect(firewall.satisfied(spec, { ...state(''), ufw: 'inactive' })).toBe(true);
    expect(firewall.forward(spec, state(''), scope).commands[0]?.script.text).toBe(
      'ufw allow in on e1 from 192.168.100.0/24 comment ab',
    );
  });
});

describe('registry', () => {
  it('has every kind under the name that journals use', () => {
    for (const name of [
      'file',
      'block',
      'directory',
      'keypair',
      'user',
      'package',
      'unit',
      'tree',
      'firewall',
    ]) {
      expect(kinds.get(name)?.name).toBe(name);
    }
  });
});
