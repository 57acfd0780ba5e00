import type { Protocol } from 'electron';
import { Buffer } from 'node:buffer';
import type { BuiltFile } from '../built-files';
import { isOwnUrl, ownScheme, parseUrl } from './origin';

/** Tells Chromium that our scheme has origins and is as good as https; nothing beyond that. Before `ready`. */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: ownScheme,
      privileges: {
        standard: true,
        secure: true,
        bypassCSP: false,
        allowServiceWorkers: false,
        supportFetchAPI: false,
        corsEnabled: false,
        stream: false,
        allowExtensions: false,
      },
    },
  ]);
}

/** @param headers of every answer, errors too */
export function serveBuild(
  protocol: Pick<Protocol, 'handle'>,
  files: ReadonlyMap<string, BuiltFile>,
  headers: Readonly<Record<string, string>>,
): void {
  protocol.handle(ownScheme, (request) => answer(request, files, headers));
}

function answer(
  request: { readonly url: string; readonly method: string },
  files: ReadonlyMap<string, BuiltFile>,
  headers: Readonly<Record<string, string>>,
): Response {
  if (request.method !== 'GET') return new Response(null, { status: 405, headers });
  // The path is compared as it stands: nothing is decoded, joined or resolved.
  const found = isOwnUrl(request.url) ? files.get(parseUrl(request.url)?.pathname ?? '') : undefined;
  if (!found) return new Response(null, { status: 404, headers });
  return new Response(Buffer.from(found.body), { headers: { ...headers, 'content-type': found.type } });
}
