import type { NodeFacts } from '../../../contract/facts';
import type { ReportInput } from '../input';
import type { Mask, Placeholders } from './placeholders';

const mac = /(?<![0-9a-f])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![0-9a-f])/gi;
const dotted = /(?<![0-9a-f.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![0-9a-f.])/gi;
/** RDMA devices have an identifier of eight bytes, made from the hardware address: `30c5:9903:003e:6a11`, `0x30c59903003e6a11`. */
const guids = [
  /(?<![0-9a-f:])[0-9a-f]{4}(?::[0-9a-f]{4}){3}(?![0-9a-f:])/gi,
  /(?<![0-9a-f])0x[0-9a-f]{16}(?![0-9a-f])/gi,
  /(?<![0-9a-f:])[0-9a-f]{2}(?::[0-9a-f]{2}){7}(?![0-9a-f:])/gi,
];

/** Hardware addresses of the nodes in every spelling, what else looks like one, and RDMA identifiers made from one. */
export function macMask(input: ReportInput): Mask {
  const known = new Set(input.nodes.flatMap(({ facts }) => (facts === null ? [] : macsOf(facts))));
  const spellings = [...known].flatMap((digits) => {
    const pairs = digits.match(/../g) ?? [];
    const quads = digits.match(/.{4}/g) ?? [];
    return [pairs.join(':'), pairs.join('-'), quads.join('.'), digits].map((text) => ({
      digits,
      pattern: new RegExp(text.replaceAll('.', '\\.'), 'gi'),
    }));
  });
  return (text, names) => {
    let rest = text;
    for (const guid of guids) rest = rest.replace(guid, (value) => guidName(value, names));
    for (const { digits, pattern } of spellings) rest = rest.replace(pattern, () => names.of('mac', digits));
    for (const pattern of [mac, dotted]) {
      rest = rest.replace(pattern, (value) => macName(digitsOf(value), names) ?? value);
    }
    return rest;
  };
}

/** The stand-in of a hardware address; null for those that nobody has. */
export function macName(digits: string, names: Placeholders): string | null {
  return /^(0{12}|f{12})$/.test(digits) ? null : names.of('mac', digits);
}

/** The hardware address in the last eight bytes of an address (modified EUI-64); null where there is none. */
export function macOfEui64(bytes: readonly number[]): string | null {
  if (bytes[3] !== 0xff || bytes[4] !== 0xfe) return null;
  const [first = 0, ...rest] = [...bytes.slice(0, 3), ...bytes.slice(5)];
  return [first ^ 2, ...rest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function guidName(value: string, names: Placeholders): string {
  const digits = digitsOf(value.replace(/^0x/i, ''));
  if (/^(0{16}|f{16})$/.test(digits)) return value;
  const bytes = (digits.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  const plain = bytes[3] === 3 && bytes[4] === 0 ? digits.slice(0, 6) + digits.slice(10) : null;
  const found = plain ?? macOfEui64(bytes);
  return found === null ? names.of('guid', digits) : names.of('mac', found);
}

function macsOf({ links, ports }: NodeFacts): string[] {
  const all = [...(links.known ? links.value : []), ...(ports.known ? ports.value : [])];
  return all
    .flatMap((one) => (one.mac === null ? [] : digitsOf(one.mac)))
    .filter((digits) => /^[0-9a-f]{12}$/.test(digits) && !/^(0{12}|f{12})$/.test(digits));
}

function digitsOf(text: string): string {
  return text.replace(/[:.-]/g, '').toLowerCase();
}
