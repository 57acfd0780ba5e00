import { Bonjour, type Service } from 'bonjour-service';
import { throwIfCancelled } from '../../core/failure';

/** A machine that announces SSH. Every text comes from the network and is untrusted. */
export interface AnnouncedSsh {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

/** More answers than this are not a home network. */
const MAX_HOSTS = 256;
const MAX_TEXT = 255;

/**
 * Listens for `_ssh._tcp` by multicast DNS for `timeoutMs` and tells who has answered. A computer without a network that
 * carries multicast finds nobody.
 * @throws Failure CANCELLED when the signal aborts first
 */
export async function browseSsh(options: {
  timeoutMs: number;
  signal?: AbortSignal;
  /** Told of each machine as it answers. */
  onFound?: (host: AnnouncedSsh) => void;
}): Promise<AnnouncedSsh[]> {
  const { timeoutMs, signal, onFound } = options;
  throwIfCancelled(signal);
  const found = new Map<string, AnnouncedSsh>();
  await new Promise<void>((resolve) => {
    const bonjour = new Bonjour({}, () => finish());
    const browser = bonjour.find({ type: 'ssh', protocol: 'tcp' }, (service) => {
      const host = describe(service);
      if (!host || found.size >= MAX_HOSTS) return;
      const key = `${host.name} ${host.host} ${host.port}`;
      if (!found.has(key)) onFound?.(host);
      found.set(key, host);
    });
    const timer = setTimeout(finish, timeoutMs);
    signal?.addEventListener('abort', finish, { once: true });

    function finish(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      browser.stop();
      bonjour.destroy(() => undefined);
      resolve();
    }
  });
  throwIfCancelled(signal);
  return [...found.values()];
}

function describe({ name, host, port, addresses }: Service): AnnouncedSsh | undefined {
  if (typeof host !== 'string' || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return {
    name: name.slice(0, MAX_TEXT),
    host: host.slice(0, MAX_TEXT).replace(/\.$/, ''),
    port,
    addresses: (addresses ?? []).slice(0, 16).map((address) => address.slice(0, MAX_TEXT)),
  };
}
