import type { Client, ClientChannel } from 'ssh2';

/**
 * ssh2 gives every channel a window of 2 MiB and has no option for it. For a terminal that is what stands between Ctrl-C
 * and its answer: a slow screen needs seconds for 2 MiB. So the server is told a smaller window, and ssh2's own count
 * stays ahead of the server's by the difference: it never comes near the half where ssh2 widens the window itself.
 * This rests on three names inside ssh2, which terminal.test.ts watches.
 */
interface Protocol {
  session(channel: number, window: number, packetSize: number): void;
  channelWindowAdjust(channel: number, bytes: number): void;
}

/** Bytes that the server may send before it waits for us: 25 MB/s at a round trip of 10 ms. */
export const terminalWindow = 256 * 1024;

function protocolOf(client: Client): Protocol {
  return (client as unknown as { readonly _protocol: Protocol })._protocol;
}

/** Runs `open`, which opens one session channel; its window is {@link terminalWindow}. */
export function withNarrowWindow(client: Client, open: () => void): void {
  const protocol = protocolOf(client);
  const inherited = protocol.session.bind(protocol);
  protocol.session = (channel, _window, packetSize) => inherited(channel, terminalWindow, packetSize);
  try {
    // ssh2 writes the request before this returns.
    open();
  } finally {
    Reflect.deleteProperty(protocol, 'session');
  }
}

/** Counts what was read of a narrow channel and lets the server send as much again, a quarter of the window at a time. */
export class WindowKeeper {
  #read = 0;

  constructor(
    private readonly client: Client,
    private readonly channel: ClientChannel,
  ) {}

  took(bytes: number): void {
    this.#read += bytes;
    if (this.#read < terminalWindow / 4) return;
    const { incoming, outgoing } = this.channel as unknown as {
      readonly incoming: { window: number };
      readonly outgoing: { readonly id: number; readonly state: string };
    };
    if (outgoing.state === 'closed') return;
    incoming.window += this.#read;
    protocolOf(this.client).channelWindowAdjust(outgoing.id, this.#read);
    this.#read = 0;
  }
}
