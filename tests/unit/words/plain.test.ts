import { describe, expect, it } from 'vitest';
import { plain, plainText } from '../../../src-main/words/plain';
import { cells, cut, table } from '../../../src-main/hosts/cli/table';

const ESC = '\u001b';

describe('plain', () => {
  it.each([
    ['colours', `${ESC}[31mred${ESC}[0m`, 'red'],
    ['a title change', `${ESC}]0;owned\u0007name`, 'name'],
    ['a title change with ST', `${ESC}]0;owned${ESC}\\name`, 'name'],
    ['a device control string', `${ESC}Pq#0${ESC}\\x`, 'x'],
    ['8-bit CSI', '\u009b2Jx', 'x'],
    ['an unfinished sequence', `${ESC}[`, '␛['],
    ['a lone escape', `a${ESC}`, 'a␛'],
    ['a carriage return', 'safe\rrm', 'safe␍rm'],
    ['a line break', 'a\nb', 'a␊b'],
    ['a backspace', 'a\bb', 'a␈b'],
    ['a bell', '\u0007', '␇'],
    ['NUL and DEL', '\0\u007f', '␀␡'],
    ['a C1 control', '\u0085', '<U+0085>'],
    ['a bidi override', 'user\u202egnp.exe', 'user<U+202E>gnp.exe'],
    ['bidi isolates', '\u2066a\u2069', '<U+2066>a<U+2069>'],
    ['a zero-width space', 'ro\u200bot', 'ro<U+200B>ot'],
    ['a tag character', 'a\u{e0041}', 'a<U+E0041>'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['a tab', 'a\tb', 'a    b'],
    ['Korean and emoji', '스파크 ⚡', '스파크 ⚡'],
  ])('%s', (_what, text, shown) => expect(plain(text)).toBe(shown));

  it('never lets a control character through', () => {
    const all = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join('');
    for (const text of [all, Array.from(all).reverse().join('')]) {
      expect(plain(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
  });

  it('keeps the line breaks of a text, and only those', () => {
    expect(plainText(`one\r\ntwo${ESC}[2K\n\rthree`)).toBe('one\ntwo\n␍three');
  });
});

describe('table', () => {
  it('lines up columns by what a terminal shows', () => {
    expect(
      table([
        ['실행', 'x'],
        [`${ESC}[1mab${ESC}[22m`, 'y'],
      ]),
    ).toEqual(['실행  x', `${ESC}[1mab${ESC}[22m    y`]);
    expect(cells('실행 a')).toBe(6);
  });

  it('cuts to a width', () => {
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cells(cut('실행실행', 5))).toBeLessThanOrEqual(5);
  });
});
