import type { IncomingMessage } from 'node:http';

type Request = Pick<IncomingMessage, 'headersDistinct'>;

/**
 * The Host of a request when it is one of ours, to the character. A page of somebody else's whose name was made to lead
 * to this computer (DNS rebinding) still sends its own name.
 */
export function ownHost(request: Request, port: number): string | undefined {
  const [host, ...more] = request.headersDistinct['host'] ?? [];
  if (host === undefined || more.length > 0) return undefined;
  return ownHosts(port).includes(host) ? host : undefined;
}

/** What a browser may write into Host when it means us. */
export function ownHosts(port: number): string[] {
  const names = ['127.0.0.1', 'localhost'];
  // Browsers leave the port of http out.
  return [...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])];
}

/**
 * Whether our own page sent this: Origin is there and is ours, and the browser does not say otherwise. Asked of all that
 * changes something and of every WebSocket, which browsers let any page open.
 */
export function isFromOwnPage(request: Request, host: string): boolean {
  const [origin, ...more] = request.headersDistinct['origin'] ?? [];
  return origin === `http://${host}` && more.length === 0 && isSite(request, ['same-origin']);
}

/**
 * Whether a file may be given: to our own page, to a person who typed the address, or to a link that opens a tab of its
 * own; not into the page of another origin, and not to another program's page on this computer (`same-site`).
 */
export function mayRead(request: Request): boolean {
  return isSite(request, ['same-origin', 'none']) || isOpenedTab(request);
}

/** Browsers that say nothing of the site are held by Origin and Host alone. */
function isSite(request: Request, allowed: readonly string[]): boolean {
  const sites = request.headersDistinct['sec-fetch-site'] ?? [];
  return sites.every((site) => allowed.includes(site));
}

function isOpenedTab({ headersDistinct }: Request): boolean {
  return (
    headersDistinct['sec-fetch-mode']?.join() === 'navigate' &&
    headersDistinct['sec-fetch-dest']?.join() === 'document'
  );
}
