import type { CommandLine, Session } from 'electron';
import { isOwnBlob, isOwnUrl, parseUrl } from './origin';

/**
 * Chromium finds no machine by name or address: nothing here needs it, since SSH goes through Node's own sockets. Before
 * `ready`.
 */
export function resolveNothing(commandLine: Pick<CommandLine, 'appendSwitch'>): void {
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/**
 * Lets the window load our own files, and what it made itself; every other request ends before it begins. No certificate
 * is good, since no connection is wanted.
 *
 * @param development also lets the developer tools load themselves
 */
export function shutNetwork(
  session: Pick<Session, 'webRequest' | 'setCertificateVerifyProc' | 'setSpellCheckerEnabled' | 'setProxy'>,
  development: boolean,
): void {
  const mayLoad = (text: string) => {
    if (isOwnUrl(text) || isOwnBlob(text)) return true;
    const scheme = parseUrl(text)?.protocol;
    return scheme === 'data:' || (development && scheme === 'devtools:');
  };
  session.webRequest.onBeforeRequest((details, done) => done({ cancel: !mayLoad(details.url) }));
  // -2: refused, whatever Chromium thinks of it.
  session.setCertificateVerifyProc((_request, done) => done(-2));
  // Would fetch dictionaries.
  session.setSpellCheckerEnabled(false);
  // Would look for a proxy's script in the network.
  void session.setProxy({ mode: 'direct' });
}
