import type { Shell } from 'electron';
import { linkAddress } from '../../contract/links';
import type { LinkName } from '../../contract/methods';
import { Failure } from '../../core/failure';
import { parseUrl } from './origin';

/**
 * Opens one of our pages in the person's browser. Names become addresses here, and only https leaves the app.
 * @throws Failure NOT_FOUND for a page without an address
 */
export async function openLink(
  shell: Pick<Shell, 'openExternal'>,
  link: LinkName,
  homepage: string | undefined,
): Promise<void> {
  const url = parseUrl(linkAddress(link, homepage) ?? '');
  if (url?.protocol !== 'https:') throw new Failure('NOT_FOUND', { what: link });
  await shell.openExternal(url.href);
}
