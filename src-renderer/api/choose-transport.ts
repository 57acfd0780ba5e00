import type { Bridge } from '../../src-main/contract/bridge';
import { DesktopTransport } from './desktop-transport';
import type { Transport } from './transport';
import { WebTransport } from './web-transport';

declare global {
  interface Window {
    /** There in the desktop window only. */
    readonly twinspark?: Bridge;
  }
}

/** The way to main of the host that this window runs in. */
export function chooseTransport(): Transport {
  return window.twinspark ? new DesktopTransport(window.twinspark) : new WebTransport();
}
