import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureCodes } from '../../../src-main/contract/failure';
import { readableKeys } from '../../../src-main/words/icu';
import { chooseLanguage, loadWords, Words, type Catalogue } from '../../../src-main/words/words';
import en from '../../../resources/locales/en.json';
import ko from '../../../resources/locales/ko.json';
import { demands, samples } from '../hosts/cli/texts';

const english = en as Catalogue;
const korean = ko as Catalogue;
const words = new Words('en', english, english);
const source = codeIn('hosts/cli') + codeIn('app');
const changes = codeIn('core/change');

function codeIn(folder: string): string {
  const root = path.resolve(import.meta.dirname, '../../../src-main', folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(root, file), 'utf8'))
    .join('\n');
}

describe('the catalogue', () => {
  it('says of every failure what happened and what to do, in both languages', () => {
    for (const code of failureCodes) {
      for (const end of ['what', 'remedy']) {
        expect(english, code).toHaveProperty([`failure.${code}.${end}`]);
        expect(korean, code).toHaveProperty([`failure.${code}.${end}`]);
      }
      expect(english[`failure.${code}.what`]).not.toBe('');
    }
  });

  it('has every text in both languages', () => {
    expect(Object.keys(korean)).toEqual(Object.keys(english));
    const blank = (texts: Catalogue) => Object.keys(texts).filter((key) => texts[key]?.trim() === '');
    expect(blank(korean)).toEqual(blank(english));
  });

  it('asks the same parameters and choices in both languages', () => {
    for (const [key, text] of Object.entries(english)) {
      expect(demands(korean[key] ?? ''), key).toEqual(demands(text));
    }
  });

  it.each([
    ['en', english],
    ['ko', korean],
  ] as const)(
    'is sorted, and every text of %s can be formatted in each of its choices',
    (language, texts) => {
      expect(Object.keys(texts)).toEqual(Object.keys(texts).sort());
      const all = new Words(language, texts, english);
      for (const [key, text] of Object.entries(texts)) {
        for (const params of [{}, ...samples(text)]) {
          const said = all.say(key, params);
          // A text that cannot be formatted is shown as its key.
          expect(said, key).not.toContain(key);
          expect(said, key).not.toMatch(/undefined|\bselect,|\bplural,|__key/);
        }
      }
    },
  );

  it('leaves nothing of the playbooks and changes in English', () => {
    const left = Object.keys(korean).filter(
      (key) => /^(connect|change)\./.test(key) && korean[key] === english[key],
    );
    expect(left).toEqual([]);
  });

  it('has every text that the command line asks for by name', () => {
    const asked = [...source.matchAll(/[`']((?:cli|event)\.[A-Za-z.-]+)[`']/g)].map(([, key]) => key ?? '');
    expect(asked.length).toBeGreaterThan(60);
    for (const key of asked) expect(english, key).toHaveProperty([key]);
  });

  it('says in words why a change was refused, and what helps against that', () => {
    const given = [...changes.matchAll(/refused\([^,]+,[^,]+,\s*'([a-z-]+)'/g)].map(([, word]) => word ?? '');
    // `before.what` of a file, and `malformed`.
    const reasons = new Set([...given, 'symlink', 'directory', 'special', 'unreadable']);
    expect(reasons.size).toBeGreaterThan(15);
    for (const [language, texts] of [
      ['en', english],
      ['ko', korean],
    ] as const) {
      const all = new Words(language, texts, english);
      const told = (reason: string) =>
        all.failure({ code: 'CHANGE_FAILED', params: { kind: 'file', target: '/a', reason } });
      const plain = told('some-other-reason');
      for (const reason of reasons) {
        const { what, remedy } = told(reason);
        expect(what, reason).not.toContain(`: ${reason}.`);
        expect(what, reason).not.toContain('?');
        expect(remedy, reason).not.toBe(plain.remedy);
      }
    }
  });

  it('has every message of the change kinds', () => {
    const asked = [...changes.matchAll(/message\(\s*'([a-z.-]+)'/g)].map(([, key]) => key ?? '');
    expect(asked.length).toBeGreaterThan(1);
    for (const key of asked) expect(english, key).toHaveProperty([key]);
  });
});

describe('words', () => {
  it('chooses the language by --lang, then by the environment', () => {
    expect(chooseLanguage('ko', { LANG: 'en_US.UTF-8' })).toBe('ko');
    expect(chooseLanguage(undefined, { LANG: 'ko_KR.UTF-8' })).toBe('ko');
    expect(chooseLanguage(undefined, { LC_ALL: 'C', LANG: 'ko_KR.UTF-8' })).toBe('en');
    expect(chooseLanguage(undefined, { LANG: 'kok_IN' })).toBe('en');
  });

  it('filters parameters, which may come from a node', () => {
    expect(words.say('event.node.lost', { node: 'a\u001b[2J\u202eb' })).toBe('a<U+202E>b: connection lost');
  });

  it('takes nothing in a parameter for a placeholder', () => {
    expect(words.say('event.node.lost', { node: '{0} {node} <b>' })).toBe('{0} {node} <b>: connection lost');
  });

  it('shows a code without a text, and a parameter that was not given', () => {
    expect(words.say('no.such', { a: 1 })).toBe('no.such (a: 1)');
    expect(words.say('event.node.lost')).toBe('?: connection lost');
  });

  it('falls back to English where Korean is missing', async () => {
    expect(new Words('ko', {}, english).say('cli.runs.none')).toBe('No runs yet.');
    expect((await loadWords('ko')).say('cli.runs.none')).toBe('아직 실행이 없습니다.');
  });

  it('takes hyphens in the keys of a select, and leaves hyphens elsewhere alone', () => {
    expect(readableKeys('well-known {x} {a, select, b-c {d-e {f}} other {{a}}}')).toBe(
      'well-known {x} {a__key, select, b_c {d-e {f}} other {{a}}}',
    );
    const { remedy } = words.failure({ code: 'JUMP_FAILED', params: { jump: 'j', reason: 'proxy-command' } });
    expect(remedy).toContain('Use ProxyJump');
    expect(
      words.failure({ code: 'JUMP_FAILED', params: { jump: 'j', reason: 'some-thing' } }).what,
    ).toContain('some-thing');
  });

  it('says which file a changed host key is to be removed from', () => {
    for (const one of [words, new Words('ko', korean, english)]) {
      const remedy = (params: Record<string, string>) =>
        one.failure({ code: 'HOST_KEY_CHANGED', params }).remedy;
      expect(remedy({ name: '[spark]:2222', file: '/data/known_hosts' })).toContain(
        '`ssh-keygen -R "[spark]:2222" -f "/data/known_hosts"`',
      );
      expect(remedy({})).toContain('hostKey');
      expect(remedy({})).not.toContain('ssh-keygen');
    }
  });

  it('writes numbers and times as the language does', () => {
    expect(words.bytes(128 * 1024 ** 3)).toBe('128 GiB');
    expect(words.duration(1_500)).toBe('1.5 sec');
    expect(words.duration(3_900_000)).toBe('1 hr 5 min');
    expect(new Words('ko', korean, english).duration(1_500)).toBe('1.5초');
  });

  it('names a stage by its title', () => {
    expect(words.stage('connect-two-sparks', 'network')).not.toBe('network');
    expect(words.stage('other', 'no\u001bsuch')).toBe('no␛such');
  });
});
