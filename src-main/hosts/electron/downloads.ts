import type { Session } from 'electron';
import path from 'node:path';
import { isOwnBlob } from './origin';

/**
 * Lets our page save what it made (a log, a script) where the person says, and nothing else.
 *
 * @param isWindow whether it is our window's contents that save
 */
export function limitDownloads(
  session: Pick<Session, 'on'>,
  isWindow: (contents: { readonly id: number }) => boolean,
): void {
  session.on('will-download', (event, item, contents) => {
    if (isWindow(contents) && item.getURLChain().every(isOwnBlob)) {
      // Without a path set, the dialog is shown; the name is only a proposal.
      item.setSaveDialogOptions({ defaultPath: path.basename(item.getFilename()) });
    } else {
      event.preventDefault();
    }
  });
}
