import type { MenuItemConstructorOptions } from 'electron';
import type { LinkName } from '../../contract/methods';
import type { Words } from '../../words/words';

export interface MenuParts {
  readonly words: Pick<Words, 'say'>;
  readonly platform: NodeJS.Platform;
  readonly development: boolean;
  /** Pages that have an address. */
  readonly links: readonly LinkName[];
  openLink(link: LinkName): void;
}

type Role = NonNullable<MenuItemConstructorOptions['role']>;

/**
 * The menu, in the person's language. Windows and Linux get no shortcut that a terminal needs (Ctrl+W, Ctrl+M, Ctrl+R):
 * items with such a role are left to macOS, where they hang on another key.
 */
export function menuTemplate(parts: MenuParts): MenuItemConstructorOptions[] {
  const { words, platform, development } = parts;
  const say = (name: string) => words.say(`window.menu.${name}`);
  const item = (name: string, role: Role): MenuItemConstructorOptions => ({ label: say(name), role });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const mac = platform === 'darwin';

  const application: MenuItemConstructorOptions = {
    label: 'Twinspark',
    submenu: [
      item('about', 'about'),
      line,
      item('services', 'services'),
      line,
      item('hide', 'hide'),
      item('hide-others', 'hideOthers'),
      item('show-all', 'unhide'),
      line,
      item('quit', 'quit'),
    ],
  };
  const file: MenuItemConstructorOptions = { label: say('file'), submenu: [item('quit', 'quit')] };
  const edit: MenuItemConstructorOptions = {
    label: say('edit'),
    submenu: [
      item('undo', 'undo'),
      item('redo', 'redo'),
      line,
      item('cut', 'cut'),
      item('copy', 'copy'),
      item('paste', 'paste'),
      item('select-all', 'selectAll'),
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: say('view'),
    submenu: [
      { ...item('reload', 'reload'), accelerator: 'F5' },
      line,
      item('zoom-reset', 'resetZoom'),
      item('zoom-in', 'zoomIn'),
      item('zoom-out', 'zoomOut'),
      line,
      item('full-screen', 'togglefullscreen'),
      ...(development ? [line, item('developer-tools', 'toggleDevTools')] : []),
    ],
  };
  const window: MenuItemConstructorOptions = {
    label: say('window'),
    role: 'window',
    submenu: [item('minimize', 'minimize'), item('zoom', 'zoom'), line, item('front', 'front')],
  };
  const help: MenuItemConstructorOptions = {
    label: say('help'),
    role: 'help',
    submenu: [
      ...parts.links.map((link) => ({ label: say(link), click: () => parts.openLink(link) })),
      ...(mac ? [] : [line, item('about', 'about')]),
    ],
  };
  return [mac ? application : file, edit, view, ...(mac ? [window] : []), help];
}
