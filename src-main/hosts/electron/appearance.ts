import type { BrowserWindow, NativeTheme } from 'electron';
import type { AppService } from '../../app/service';
import type { Settings } from '../../contract/settings';
import { backgrounds } from './window';

/** Calls `follow` with the settings as they are, and again with each change. */
export function onSettings(
  service: Pick<AppService, 'settings' | 'subscribe'>,
  follow: (settings: Settings) => void,
): void {
  follow(service.settings);
  service.subscribe((push) => {
    if (push.type === 'slice' && push.slice === 'settings') follow(service.settings);
  });
}

/** Window frames, menus and dialogs take the theme of the settings; the background follows the system's changes too. */
export function followTheme(
  theme: Pick<NativeTheme, 'on' | 'shouldUseDarkColors'> & { themeSource: Settings['theme'] },
  window: Pick<BrowserWindow, 'setBackgroundColor' | 'isDestroyed'>,
  service: Pick<AppService, 'settings' | 'subscribe'>,
): void {
  onSettings(service, (settings) => (theme.themeSource = settings.theme));
  theme.on('updated', () => {
    if (window.isDestroyed()) return;
    window.setBackgroundColor(theme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light);
  });
}
