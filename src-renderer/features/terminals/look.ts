import type { Settings } from '../../api/types';
import type { Target } from './pane-state.svelte';
import type { Look } from './screen';
import type { Shade } from '../../state/shade.svelte';
import { terminalTheme } from './theme';

const cursors = { node1: '--n1', node2: '--n2', local: '--acc' } as const satisfies Record<Target, string>;

/** Font and colours of a pane, from the settings and the window's tokens as they are now. */
export function look(target: Target, shade: Shade, settings: Settings): Look {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    theme: terminalTheme(shade, {
      background: token('--bg'),
      text: token('--text'),
      cursor: token(cursors[target]),
    }),
    fontFamily: fontFamily(settings.terminalFont, token('--mono')),
    fontSize: settings.terminalFontSize,
  };
}

/** @param chosen a family's name as the person wrote it; nothing in it can end the CSS string */
function fontFamily(chosen: string, fallback: string): string {
  const name = chosen.replace(/["\\\p{Cc};{}]/gu, '').trim();
  return name === '' ? fallback : `"${name}", ${fallback}`;
}
