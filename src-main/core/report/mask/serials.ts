import { pairOf, type ReportInput } from '../input';
import { literal, type Mask } from './placeholders';

/** `DGX_SERIAL_NUMBER="…"`, `Serial Number : …`, `[SN] …`, `machine-id: …`, as dmidecode, lspci, nvidia-smi and DGX OS have them. */
const labels = [
  /(?<![A-Za-z])(?:[A-Za-z_]{0,32}serial(?:[ _-]?(?:number|num|no))?|S\/N|asset[ _-]tag|machine-?id|(?:board|product)[ _-]uuid)["']?\s*[:=]\s*["']?([A-Za-z0-9][A-Za-z0-9._/-]{2,63})/gi,
  /(?<![A-Za-z[])SN\s*[:=]\s*["']?([A-Za-z0-9][A-Za-z0-9._/-]{2,63})/g,
  /\[SN\]\s+([A-Za-z0-9][A-Za-z0-9._/-]{2,63})/g,
];
const uuid = /(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])/gi;
/** No serial number is without a digit, and none is nothing but zeros. */
const something = /\d/;
const nothing = /^[0.x]+$/i;
const fingerprint = /SHA256:[A-Za-z0-9+/]{43}=?/g;

/**
 * Serial numbers wherever they are named, and then everywhere; UUIDs of devices, and host key fingerprints, by which a
 * machine can be found again just as well.
 */
export function serialMask(input: ReportInput, texts: readonly string[]): Mask {
  const found = new Set<string>();
  for (const text of texts) {
    for (const [, value = ''] of labels.flatMap((label) => [...text.matchAll(label)])) {
      if (something.test(value) && !nothing.test(value)) found.add(value);
    }
  }
  const pair = [...new Set([pairOf(input), ...input.records.map((record) => record.pair)])].filter(
    (id): id is string => id !== null && id.length >= 8,
  );
  const known = [...found].sort((one, other) => other.length - one.length);
  const keys = [...new Set(input.nodes.flatMap(({ hostKey }) => hostKey ?? []))];
  return (text, names) => {
    let rest = text.replace(uuid, (value) => names.of('id', value.toLowerCase()));
    rest = rest.replace(fingerprint, (value) => names.of('key', value));
    for (const key of keys) rest = rest.replaceAll(key, () => names.of('key', key));
    for (const id of pair) rest = rest.replaceAll(id, () => names.of('pair', id));
    for (const value of known) {
      rest = rest.replace(new RegExp(`(?<![A-Za-z0-9])${literal(value)}(?![A-Za-z0-9])`, 'gi'), () =>
        names.of('serial', value.toLowerCase()),
      );
    }
    return rest;
  };
}
