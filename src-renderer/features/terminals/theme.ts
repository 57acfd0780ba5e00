import type { ITheme } from '@xterm/xterm';
import type { Shade } from '../../state/shade.svelte';

/** The sixteen colours. Each but black stands out from the pane by 4.5:1 at least; unit tests measure it. */
export const palettes = {
  dark: {
    black: '#3a424e',
    red: '#f0716b',
    green: '#5fc38a',
    yellow: '#e8c35a',
    blue: '#7aa7ff',
    magenta: '#c99af0',
    cyan: '#4cc2e0',
    white: '#d3dae4',
    brightBlack: '#8d98a8',
    brightRed: '#ff948f',
    brightGreen: '#86dba9',
    brightYellow: '#f5d884',
    brightBlue: '#a3c2ff',
    brightMagenta: '#dcb9f8',
    brightCyan: '#83d9ef',
    brightWhite: '#ffffff',
  },
  light: {
    black: '#1a2029',
    red: '#b32d26',
    green: '#17703f',
    yellow: '#7a5c00',
    blue: '#2556c4',
    magenta: '#8233ad',
    cyan: '#0b6a86',
    white: '#5a6675',
    brightBlack: '#4b5563',
    brightRed: '#c0362f',
    brightGreen: '#1a7848',
    brightYellow: '#826300',
    brightBlue: '#2f62d9',
    brightMagenta: '#9140bd',
    brightCyan: '#0c7290',
    brightWhite: '#3d4755',
  },
} as const satisfies Record<Shade, ITheme>;

/** Colours of search hits: `#rrggbb`, as xterm.js wants them; text on them is legible. */
export const hits = {
  dark: { hit: '#5a4a14', active: '#8a5a00', edge: '#e8c35a' },
  light: { hit: '#f5e3a3', active: '#f0c04a', edge: '#8a6a00' },
} as const;

/** What a pane takes from the window's tokens, as CSS colours. */
export interface PaneColours {
  readonly background: string;
  readonly text: string;
  /** The node's colour for life; the accent for this computer. */
  readonly cursor: string;
}

export function terminalTheme(shade: Shade, { background, text, cursor }: PaneColours): ITheme {
  const selection = shade === 'dark' ? '#34507f' : '#bcd2fb';
  return {
    ...palettes[shade],
    background,
    foreground: text,
    cursor,
    cursorAccent: background,
    selectionBackground: selection,
    selectionInactiveBackground: selection,
    scrollbarSliderBackground: `${text}33`,
    scrollbarSliderHoverBackground: `${text}66`,
    scrollbarSliderActiveBackground: `${text}80`,
  };
}
