import { hasHardwareGl } from './gpu';

/** Everything of xterm.js, in a bundle of its own that is loaded when the first terminal is shown. */
async function load() {
  const [core, fit, search, links, unicode, webgl] = await Promise.all([
    import('@xterm/xterm'),
    import('@xterm/addon-fit'),
    import('@xterm/addon-search'),
    import('@xterm/addon-web-links'),
    import('@xterm/addon-unicode11'),
    hasHardwareGl() ? import('@xterm/addon-webgl') : undefined,
    import('@xterm/xterm/css/xterm.css'),
  ]);
  return {
    Terminal: core.Terminal,
    FitAddon: fit.FitAddon,
    SearchAddon: search.SearchAddon,
    WebLinksAddon: links.WebLinksAddon,
    Unicode11Addon: unicode.Unicode11Addon,
    WebglAddon: webgl?.WebglAddon,
  };
}

export type Xterm = Awaited<ReturnType<typeof load>>;

let loading: Promise<Xterm> | undefined;

/** Loads once; a load that has failed is tried again by the next call. */
export function loadXterm(): Promise<Xterm> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
