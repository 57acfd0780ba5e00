import type { Session } from 'electron';
import { isOwnUrl } from './origin';

type Contents = { readonly id: number } | null;

/**
 * Denies whatever a page can ask of the computer, but for one thing: our own page may put text into the clipboard after
 * a click. Pasting goes by the keyboard or the menu and needs no permission.
 *
 * @param isWindow whether it is our window's contents that ask
 */
export function denyPermissions(
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
  isWindow: (contents: { readonly id: number }) => boolean,
): void {
  const granted = (contents: Contents, permission: string, frame: string | undefined, main: boolean) =>
    permission === 'clipboard-sanitized-write' &&
    contents !== null &&
    isWindow(contents) &&
    main &&
    isOwnUrl(frame ?? '');
  session.setPermissionRequestHandler((contents, permission, done, details) =>
    done(granted(contents, permission, details.requestingUrl, details.isMainFrame)),
  );
  session.setPermissionCheckHandler((contents, permission, origin, details) => {
    return isOwnUrl(origin) && granted(contents, permission, details.requestingUrl, details.isMainFrame);
  });
  session.setDevicePermissionHandler(() => false);
}
