import { describe, expect, it } from 'vitest';
import { isHardware } from '../../../../src-renderer/features/terminals/gl-renderer';
import { shortcut, type Key } from '../../../../src-renderer/features/terminals/keys';
import { palettes } from '../../../../src-renderer/features/terminals/theme';
import { shownTitle } from '../../../../src-renderer/features/terminals/title';
import { webLink } from '../../../../src-renderer/features/terminals/web-link';

describe('links that a node prints', () => {
  it('opens http and https', () => {
    expect(webLink('https://docs.nvidia.com/dgx?a=1#b')).toBe('https://docs.nvidia.com/dgx?a=1#b');
    expect(webLink('HTTP://192.168.100.10:8080')).toBe('http://192.168.100.10:8080/');
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>',
    'file:///etc/passwd',
    'vscode://file/etc/passwd',
    'ms-settings:',
    '//nvidia.com',
    'nvidia.com',
    'https://nvidia.com@example.org/',
    'https://user:secret@example.org/',
    `https://example.org/${'a'.repeat(2048)}`,
    `https://example.org/${'é'.repeat(1000)}`,
    '',
  ])('refuses %.40s', (text) => {
    expect(webLink(text)).toBeNull();
  });

  it('shows what is meant: look-alike names and hidden characters in ASCII', () => {
    expect(webLink('https://nvidi\u0430.com/')).toMatch(/^https:\/\/xn--nvidi-\w+\.com\/$/);
    expect(webLink('https://example.org/\u202egpj.exe')).toBe('https://example.org/%E2%80%AEgpj.exe');
  });
});

describe('titles that a node sets', () => {
  it('are text: no escapes, hidden characters visible, cut', () => {
    expect(shownTitle('nvidia@spark: ~')).toBe('nvidia@spark: ~');
    expect(shownTitle('a\u001b[31mb\u202ec')).toBe('ab<U+202E>c');
    expect(Array.from(shownTitle('가'.repeat(5_000_000)))).toHaveLength(80);
    expect(shownTitle('가'.repeat(81)).endsWith('…')).toBe(true);
  });
});

describe('keys of the terminal itself', () => {
  const none = { type: 'keydown', ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };
  const ctrlShift = (code: string): Key => ({ ...none, code, ctrlKey: true, shiftKey: true });

  it('are Ctrl+Shift chords, and on a Mac Cmd', () => {
    expect(shortcut(ctrlShift('KeyC'), false)).toBe('copy');
    expect(shortcut(ctrlShift('KeyV'), false)).toBe('paste');
    expect(shortcut(ctrlShift('KeyF'), false)).toBe('search');
    expect(shortcut({ ...none, code: 'KeyC', metaKey: true }, true)).toBe('copy');
    expect(shortcut(ctrlShift('KeyC'), true)).toBeNull();
  });

  it('leave everything else to the shell: Ctrl-C, Ctrl-V, Tab, Escape', () => {
    for (const code of ['KeyC', 'KeyV', 'KeyF', 'KeyK']) {
      expect(shortcut({ ...none, code, ctrlKey: true }, false)).toBeNull();
      expect(shortcut({ ...none, code, ctrlKey: true }, true)).toBeNull();
    }
    for (const code of ['Tab', 'Escape', 'F5']) expect(shortcut({ ...none, code }, false)).toBeNull();
    expect(shortcut({ ...ctrlShift('KeyC'), type: 'keyup' }, false)).toBeNull();
    expect(shortcut({ ...ctrlShift('KeyC'), altKey: true }, false)).toBeNull();
  });

  it('F6 leads out', () => {
    expect(shortcut({ ...none, code: 'F6' }, false)).toBe('leave');
    expect(shortcut({ ...none, code: 'F6', shiftKey: true }, true)).toBe('leave-back');
  });
});

describe('who draws', () => {
  it.each([
    ['ANGLE (NVIDIA, NVIDIA GB10/PCIe, OpenGL 4.6.0)', true],
    ['Apple M3', true],
    ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)', false],
    ['llvmpipe (LLVM 15.0.6, 256 bits)', false],
    ['ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11)', false],
    ['', false],
  ])('%s: hardware %s', (renderer, hardware) => {
    expect(isHardware(renderer)).toBe(hardware);
  });
});

describe('the sixteen colours', () => {
  const grounds = { dark: '#101317', light: '#f4f6f9' } as const;
  const cases = (['dark', 'light'] as const).flatMap((shade) =>
    Object.entries(palettes[shade])
      .filter(([name]) => !(shade === 'dark' && name === 'black'))
      .map(([name, colour]) => ({ shade, name, colour })),
  );

  it.each(cases)('$shade $name is legible', ({ shade, colour }) => {
    expect(contrast(colour, grounds[shade])).toBeGreaterThanOrEqual(4.5);
  });
});

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
