import type { NetAddress, NetLink } from '../../contract/facts';
import { ipAddress, isPrefix } from './ip-address';
import { linkState, macOf } from './ip-json';
import { isInterfaceName, known, linesOf, malformed, parser, wholeNumber } from './parsed';

/** What the plain text of `ip addr show` and `ip link show` holds. */
export interface IpText {
  readonly links: NetLink[];
  readonly addresses: NetAddress[];
}

const HEAD = /^\s*\d{1,9}: (\S{1,64}): <([A-Z0-9_,-]{0,256})> mtu (\d{1,9}) (.*)$/;

/**
 * `ip addr show` or `ip link show` as printed for people, also from documents (a prompt line, an indent, bold marks
 * around the address). For nodes, {@link parseIpAddresses} reads the JSON form.
 */
export const parseIpText = parser<IpText>((text) => {
  const links: NetLink[] = [];
  const addresses: NetAddress[] = [];
  for (const marked of linesOf(text)) {
    const line = marked.replaceAll('**', '');
    const head = HEAD.exec(line);
    if (head !== null) {
      const name = (head[1] ?? '').replace(/@.*$/, '');
      const mtu = wholeNumber(head[3] ?? '');
      if (!isInterfaceName(name) || mtu === null) return malformed('an interface name is not valid');
      const state = /\bstate ([A-Z]{1,20})\b/.exec(head[4] ?? '')?.[1] ?? 'UNKNOWN';
      links.push({ name, mac: null, mtu, ...linkState((head[2] ?? '').split(','), state) });
      continue;
    }
    const link = links.at(-1);
    if (link === undefined) continue;
    const mac = /^\s*link\/ether ([0-9a-f:]{17})\b/.exec(line)?.[1];
    if (mac !== undefined) link.mac = macOf(mac);
    if (!/^\s*inet6? /.test(line)) continue;
    const address = addressLine(line, link.name);
    if (address === null) return malformed('an address line is damaged');
    addresses.push(address);
  }
  return links.length === 0 ? malformed('no interface') : known({ links, addresses });
});

function addressLine(line: string, name: string): NetAddress | null {
  const found = /^\s*inet6? (\S{1,64}?)(?: peer (\S{1,64}?))?\/(\d{1,3}) (.*)$/.exec(line);
  const [, local = '', , length = '', rest = ''] = found ?? [];
  const read = ipAddress(local);
  const prefix = Number(length);
  const scope = /\bscope ([a-z0-9]{1,32})\b/.exec(rest)?.[1];
  if (read === null || !isPrefix(prefix, read.bits) || scope === undefined) return null;
  const { family, address } = read;
  return { interface: name, family, address, prefix, scope, dynamic: /\bdynamic\b/.test(rest) };
}
