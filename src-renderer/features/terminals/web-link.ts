/** Longer addresses cannot be judged by a person. */
const longest = 2048;

/**
 * The address behind a link that a node has printed, as it would be opened: http and https only, a host name outside ASCII
 * in its `xn--` form, everything else percent-encoded, so that what is shown is what is meant. null when it must not be opened:
 * another scheme, or a user name that makes one host look like another (`https://nvidia.com@example.org`).
 */
export function webLink(text: string): string | null {
  if (text.length > longest || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '') return null;
  return url.href.length > longest ? null : url.href;
}
