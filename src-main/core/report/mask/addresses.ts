import ipaddr from 'ipaddr.js';
import type { ReportMask } from '../../../contract/report';
import type { ReportInput } from '../input';
import { macName, macOfEui64 } from './macs';
import type { Mask, Placeholders } from './placeholders';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const four = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/g;
/** Runs in which IPv6 addresses may be; the spelling of perftest, sixteen decimal bytes, is among them. */
const runs = /[0-9a-f:][0-9a-f:.]*/gi;
const bytes16 = /(?<![\d:])\d{1,3}(?::\d{1,3}){15}(?![\d:])/g;
const GROUPS = 9;
/** Groups of an address that leaves none out, where the last two are written as IPv4. */
const WHOLE = 7;

/**
 * Addresses other than those of the link itself, which are private and the playbook's own choice, and those that are the
 * same on every machine (loopback, link-local, docker0). Hardware addresses within IPv6 addresses as well, when MACs are
 * to be hidden.
 */
export function addressMask(input: ReportInput, masks: ReadonlySet<ReportMask>): Mask {
  const own = ownAddresses(input);
  const keep = (address: Address) =>
    !masks.has('addresses') || (own.link(address) && !own.management(address));
  const replace = (address: Address, text: string, names: Placeholders): string => {
    const plain = unmapped(address);
    if (!keep(plain)) return names.of('address', plain.toString());
    if (!masks.has('macs') || !(plain instanceof ipaddr.IPv6)) return text;
    const digits = macOfEui64(plain.toByteArray().slice(8));
    const mac = digits === null ? null : macName(digits, names);
    return mac === null ? text : `${prefixOf(plain)}${mac}`;
  };
  return (text, names) =>
    text
      .replace(bytes16, (value) => {
        const bytes = value.split(':').map(Number);
        if (bytes.some((byte) => byte > 255)) return value;
        return replace(new ipaddr.IPv6(bytes), value, names);
      })
      .replace(runs, (run, at: number, whole: string) =>
        inRun(run, at, whole, (address, value) => replace(address, value, names)),
      )
      .replace(four, (value) => {
        const bytes = value.split('.').map(Number);
        return bytes.some((byte) => byte > 255) ? value : replace(new ipaddr.IPv4(bytes), value, names);
      });
}

/** The longest addresses in a run of digits and colons, from the left. A word that runs into it is no part of one. */
function inRun(
  run: string,
  at: number,
  whole: string,
  replace: (address: Address, text: string) => string,
): string {
  if (run.indexOf(':') === run.lastIndexOf(':')) return run;
  const parts = run.split(/(?<=:)|(?=:)/);
  const touches = (character: string) => /[\w]/.test(character);
  let result = '';
  for (let from = 0; from < parts.length;) {
    const first = parts[from] ?? '';
    const before = from === 0 ? whole.charAt(at - 1) : '';
    let taken = 0;
    for (let to = Math.min(parts.length, from + 2 * GROUPS); to > from + 1 && taken === 0; to--) {
      const text = parts.slice(from, to).join('').replace(/\.$/, '');
      const after = to === parts.length ? whole.charAt(at + run.length) : '';
      const cutOff = (first !== ':' && touches(before)) || (parts[to - 1] !== ':' && touches(after));
      const enough = text.includes('::') || to - from >= 2 * WHOLE - 1;
      if (cutOff || !enough || !ipaddr.IPv6.isValid(text)) continue;
      const dot = parts.slice(from, to).join('').slice(text.length);
      result += replace(ipaddr.IPv6.parse(text), text) + dot;
      taken = to - from;
    }
    if (taken === 0) result += first;
    from += Math.max(1, taken);
  }
  return result;
}

function unmapped(address: Address): Address {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** The first half of an address as it is written: `fe80::`. */
function prefixOf(address: ipaddr.IPv6): string {
  const groups = address.parts.slice(0, 4).map((part) => part.toString(16));
  while (groups.length > 1 && groups.at(-1) === '0') groups.pop();
  return groups.length === 4 ? `${groups.join(':')}:` : `${groups.join(':')}::`;
}

function ownAddresses({ nodes, links }: ReportInput) {
  const parse = (text: string) => (ipaddr.isValid(text) ? ipaddr.parse(text) : null);
  const facts = nodes.flatMap((node) => (node.facts === null ? [] : [node.facts]));
  const known = facts.flatMap(({ addresses }) => (addresses.known ? addresses.value : []));
  const onLink = new Set(links.flatMap(({ address }) => address));
  const fast = new Set(
    facts.flatMap(({ ports }) => (ports.known ? ports.value.map(({ netdev }) => netdev) : [])),
  );
  const ranges = [...onLink].flatMap((text): [Address, number][] => {
    const address = parse(text);
    const bits = known.find((one) => one.address === text)?.prefix ?? address?.toByteArray().length ?? 0;
    const whole = address instanceof ipaddr.IPv4 ? Math.min(bits, 32) : bits;
    return address === null || !isPrivate(address) ? [] : [[address, Math.max(8, whole)]];
  });
  const managed = new Set(
    [
      ...nodes.map(({ host }) => host),
      ...known
        .filter((one) => !fast.has(one.interface) && !onLink.has(one.address))
        .map(({ address }) => address),
    ].flatMap((text) => parse(text)?.toString() ?? []),
  );
  // docker0 has it on every machine.
  const shared = ipaddr.IPv4.parseCIDR('172.17.0.0/16');
  const everywhere = (address: Address) =>
    isEverywhere(address) || (address instanceof ipaddr.IPv4 && address.match(shared));
  return {
    link: (address: Address) =>
      everywhere(address) ||
      ranges.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits)),
    management: (address: Address) => managed.has(address.toString()) && !everywhere(address),
  };
}

function isPrivate(address: Address): boolean {
  return ['private', 'uniqueLocal', 'linkLocal'].includes(address.range());
}

function isEverywhere(address: Address): boolean {
  const range = address.range();
  const mask = address instanceof ipaddr.IPv4 && address.octets[0] === 255;
  return mask || ['loopback', 'unspecified', 'linkLocal', 'multicast', 'broadcast'].includes(range);
}
