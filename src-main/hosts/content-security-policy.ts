/**
 * What the window's page may load, as one Content-Security-Policy; the same for the desktop and the browser.
 *
 * - Scripts come from the build alone: no inline script, no `eval`.
 * - Styles may be inline: xterm puts its sheet into a `<style>` of its own and colours cells by style attributes. What
 *   a style could carry off is bounded: it loads images and fonts from nowhere but the page's own origin.
 * - Text becomes HTML only through the policy of Svelte's compiled templates (Trusted Types): a stray `innerHTML`
 *   with a node's output throws where the browser knows them.
 *
 * @param connect what the page may connect to besides its own origin: CSP sources such as `ws://127.0.0.1:4000`
 */
export function contentSecurityPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...connect].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html',
  ].join('; ');
}

/**
 * Headers of everything that a host serves, pages and errors alike, names in lower case.
 *
 * @param connect as for {@link contentSecurityPolicy}
 */
export function securityHeaders(connect: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(connect),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': deviceFeatures.map((feature) => `${feature}=()`).join(', '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

/** What the window never needs of the computer; the clipboard it does, for terminals and the log. */
const deviceFeatures = [
  'camera',
  'display-capture',
  'geolocation',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
];
