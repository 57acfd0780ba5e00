/** The window's page comes from a scheme of our own, with one host: nothing else shares its origin. */
export const ownScheme = 'twinspark';
export const ownOrigin = 'twinspark://app';
export const startUrl = `${ownOrigin}/`;

/** True for addresses of our own pages; what merely begins or ends like one is none. */
export function isOwnUrl(text: string): boolean {
  const url = parseUrl(text);
  if (url?.protocol !== `${ownScheme}:`) return false;
  return url.host === 'app' && url.username === '' && url.password === '';
}

/** True for data that our own page has made and named by a `blob:` address. */
export function isOwnBlob(text: string): boolean {
  return text.startsWith('blob:') && isOwnUrl(text.slice('blob:'.length));
}

export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
