import type { NodeFacts } from '../../contract/facts';
import { raw } from '../shell/quote';
import { known, label, linesOf, malformed, parser, wholeNumber } from './parsed';
import { section } from './section';

export type Gpu = Extract<NodeFacts['gpus'], { known: true }>['value'][number];

const QUERY = 'nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader';

/** About a second on some nodes: has a lane of its own. */
export const gpuSection = section('gpus', 'gpu', QUERY, raw(QUERY), { seconds: 8, maxBytes: 64 * 1024 });

/** The CSV of {@link gpuSection}, or the table that plain `nvidia-smi` prints. Memory is MiB. */
export const parseNvidiaSmi = parser<Gpu[]>((text) => {
  if (/^No devices were found$/m.test(text)) return known([]);
  return text.includes('NVIDIA-SMI') ? table(linesOf(text)) : csv(linesOf(text));
});

/** What says "this GPU has no such thing"; GB10 says it of its memory, which is the system's. */
const NONE = /^\[?(N\/A|Not Supported|Insufficient Permissions|Unknown Error)\]?$/i;

function csv(lines: string[]) {
  const gpus: Gpu[] = [];
  for (const line of lines) {
    if (line === '' || line.startsWith('name,')) continue;
    const fields = line.split(',').map((field) => field.trim());
    // A damaged line beside good ones would make a machine with fewer GPUs: better to know nothing.
    const gpu = fields.length === 3 ? csvGpu(fields) : null;
    if (gpu === null) return malformed('a line is not name, memory, driver');
    gpus.push(gpu);
  }
  return known(gpus);
}

function csvGpu([nameText = '', memory = '', driverText = '']: string[]): Gpu | null {
  const name = label(nameText, 96);
  const driver = driverVersion(driverText);
  const memoryMib = wholeNumber(/^(\d+)(?: MiB)?$/.exec(memory)?.[1] ?? '');
  if (name === null || (driver === null && !NONE.test(driverText))) return null;
  return memoryMib === null && !NONE.test(memory) ? null : { name, driver, memoryMib };
}

function driverVersion(text: string): string | null {
  return /^\d{1,5}(\.\d{1,5}){1,3}$/.test(text) ? text : null;
}

function table(lines: string[]) {
  const head = lines.find((line) => line.includes('Driver Version:')) ?? '';
  const driver = driverVersion(/Driver Version: ([\d.]{1,24})/.exec(head)?.[1] ?? '');
  const gpus: Gpu[] = [];
  lines.forEach((line, index) => {
    const row = /^\| {1,5}\d{1,3} {1,3}(\S.{0,63}?) {2,64}(?:On|Off|N\/A) {1,3}\|.{0,32}:.{0,8}:/.exec(line);
    if (row === null) return;
    const name = label(row[1] ?? '', 96);
    const cell = (lines[index + 1] ?? '').split('|')[2]?.trim() ?? '';
    const memory = /\/ {1,8}(\d{1,9})MiB$/.exec(cell)?.[1];
    if (name !== null) gpus.push({ name, driver, memoryMib: wholeNumber(memory ?? '') });
  });
  return driver === null || gpus.length === 0 ? malformed('no GPU row in the table') : known(gpus);
}
