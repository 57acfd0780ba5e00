import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

export const sha = (text: string) => createHash('sha256').update(text).digest('hex');

export interface PortOutput {
  readonly name: string;
  readonly up?: boolean;
  readonly carrier?: boolean;
  readonly mtu?: number;
  readonly mac?: string;
  readonly addresses?: object[];
  readonly routes?: object[];
  readonly settings?: readonly [disable: string, mode: string, ra: string, promote: string];
}

export const kernelLinkLocal = {
  family: 'inet6',
  local: 'fe80::48bb:47ff:fe5c:2d11',
  prefixlen: 64,
  scope: 'link',
  valid_life_time: 4294967295,
};

/** What the interface part of `read` prints; defaults are a port with a cable that nobody manages. */
export function portOutput(port: PortOutput): string {
  const { name, up = true, carrier = true, mtu = 1500, mac = '4a:bb:47:5c:2d:11', routes = [] } = port;
  const { addresses = [kernelLinkLocal], settings = ['0', '0', '1', '0'] } = port;
  const flags = ['BROADCAST', 'MULTICAST', ...(up ? ['UP'] : []), ...(carrier ? ['LOWER_UP'] : [])];
  return [
    `link ${name} present ${carrier ? 1 : 0}`,
    `addr ${name} ${JSON.stringify([{ ifindex: 4, ifname: name, flags, mtu, address: mac, addr_info: addresses }])}`,
    `route4 ${name} ${JSON.stringify(routes)}`,
    `route6 ${name} [{"dst":"fe80::/64","protocol":"kernel","metric":256,"flags":[],"pref":"medium"}]`,
    `setting ${name} disable_ipv6 ${settings[0]}`,
    `setting ${name} addr_gen_mode ${settings[1]}`,
    `setting ${name} accept_ra ${settings[2]}`,
    `setting ${name} promote_secondaries ${settings[3]}`,
  ].join('\n');
}

export function servicesOutput(
  active: { networkManager?: boolean; networkd?: boolean } = { networkd: true },
  managed: readonly string[] = [],
): string {
  const word = (on: boolean | undefined) => (on === true ? 'active' : 'inactive');
  return [
    `service NetworkManager.service ${word(active.networkManager)}`,
    ...(active.networkManager === true ? managed.map((name) => `nm ${name}:connected`) : []),
    `service systemd-networkd.service ${word(active.networkd)}`,
    ...(active.networkd === true
      ? managed.map((name) => `networkd 4 ${name} ether routable configured`)
      : []),
    `service systemd-networkd.socket ${word(active.networkd)}`,
  ].join('\n');
}

export function fileOutput(
  path: string,
  content: string | null,
  mode = '600',
  owner = '0 0 root root',
): string {
  if (content === null) return `file ${path} absent`;
  const base64 = Buffer.from(content).toString('base64');
  return `file ${path} file ${mode} ${owner} ${Buffer.byteLength(content)} ${sha(content)} text:${base64}`;
}
