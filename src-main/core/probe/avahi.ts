import { Buffer } from 'node:buffer';
import type { NodeFacts } from '../../contract/facts';
import { raw } from '../shell/quote';
import { ipAddress } from './ip-address';
import { isHostName, isInterfaceName, known, label, linesOf, malformed, parser, wholeNumber } from './parsed';
import { section } from './section';

export type Peer = Extract<NodeFacts['peers'], { known: true }>['value'][number];

/** Takes a second or more, as long as the network answers: only on request. */
export const avahiSection = section(
  'peers',
  'peers',
  'avahi-browse -p -r -t _ssh._tcp',
  raw('avahi-browse -p -r -t _ssh._tcp'),
  { seconds: 6 },
);

/**
 * Resolved lines `=;interface;IPv4;name;type;domain;host;address;port;txt`. What a neighbour announces is its own word:
 * lines that do not fit are passed over, and the rest is shown to a person, never acted on.
 */
export const parseAvahi = parser<Peer[]>((text) => {
  const peers = new Map<string, Peer>();
  let marked = false;
  for (const line of linesOf(text)) {
    marked ||= /^[=+];/.test(line);
    const peer = line.startsWith('=;') ? peerOf(line.split(';')) : null;
    if (peer !== null) peers.set(JSON.stringify(peer), peer);
  }
  const lost = peers.size === 0 && /^=;/m.test(text);
  return lost || !marked ? malformed('no whole line of avahi-browse') : known([...peers.values()]);
});

function peerOf(fields: string[]): Peer | null {
  const [, netdev = '', , nameText = '', , , host = '', addressText = '', portText = '', txt] = fields;
  const name = label(unescaped(nameText), 63);
  const address = ipAddress(addressText);
  const port = wholeNumber(portText);
  if (txt === undefined || name === null || address === null || port === null || port > 65_535) return null;
  if (!isInterfaceName(netdev) || !isHostName(host)) return null;
  return { interface: netdev, name, host, address: address.address, port };
}

/** avahi's escapes: `\032` is one byte in decimal, `\.` and `\\` are themselves. */
function unescaped(text: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = /^\\(25[0-5]|2[0-4]\d|[01]\d\d)/.exec(text.slice(at, at + 4))?.[1];
    if (code !== undefined) {
      bytes.push(Number(code));
      at += 3;
    } else {
      if (text[at] === '\\') at++;
      const [char = ''] = text.slice(at);
      bytes.push(...Buffer.from(char));
      at += char.length - 1;
    }
  }
  return Buffer.from(bytes).toString('utf8');
}
