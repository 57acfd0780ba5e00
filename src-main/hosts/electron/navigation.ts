import type { WebContents } from 'electron';
import { startUrl } from './origin';

/**
 * Keeps whatever shows pages on our one page: no other address, no second window, no embedded one. Links that lead
 * outside are asked for by name (`link.open`) and never by address.
 */
export function confine(
  contents: Pick<WebContents, 'on' | 'setWindowOpenHandler' | 'setWebRTCIPHandlingPolicy'>,
): void {
  const deny = (event: { preventDefault(): void }) => event.preventDefault();
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-frame-navigate', (event) => {
    // Loading itself anew is all that the page may do.
    if (!event.isMainFrame || event.url !== startUrl) deny(event);
  });
  contents.on('will-redirect', deny);
  contents.on('will-attach-webview', deny);
  // The page cannot hold the window: whether to leave is asked by main.
  contents.on('will-prevent-unload', deny);
  // WebRTC would be a way to the network that no filter of requests sees.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
