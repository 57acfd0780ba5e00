import type { Session } from 'electron';
import { securityHeaders } from '../content-security-policy';
import { readBuiltFiles } from '../built-files';
import type { ElectronParts } from './desktop-parts';
import { limitDownloads } from './downloads';
import { shutNetwork } from './network';
import { denyPermissions } from './permissions';
import { serveBuild } from './scheme';

/**
 * The window's session, in memory: no cookie, cache or storage of it reaches the disk. The default one, which nothing is
 * meant to use, is shut in the same way.
 * @throws Failure INTERNAL when the window has not been built
 */
export async function openSession(
  { app, session }: Pick<ElectronParts, 'app' | 'session'>,
  folder: string,
  isWindow: (contents: { readonly id: number }) => boolean,
): Promise<Session> {
  const own = session.fromPartition('twinspark', { cache: false });
  for (const each of [own, session.defaultSession]) {
    denyPermissions(each, isWindow);
    shutNetwork(each, !app.isPackaged);
    limitDownloads(each, isWindow);
  }
  serveBuild(own.protocol, await readBuiltFiles(folder), securityHeaders([]));
  return own;
}
