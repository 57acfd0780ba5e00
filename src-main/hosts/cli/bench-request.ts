import { z } from 'zod';
import { benchRequestSchema, type BenchRequest, type RunnableTool } from '../../contract/bench-request';
import { Failure } from '../../core/failure';
import type { BenchOptions } from './bench-choices';

/** The member of a request that an option gives, which may differ by tool. */
const members: { readonly [Name in keyof BenchOptions]-?: readonly string[] } = {
  half: ['halves'],
  direction: ['direction'],
  streams: ['streams'],
  seconds: ['seconds'],
  size: ['sizes', 'size'],
  sizes: ['sizes'],
  operation: ['operation'],
  from: ['fromBytes'],
  to: ['toBytes'],
  count: ['count'],
};
const names = Object.keys(members) as (keyof BenchOptions)[];
const sizes = new Set<keyof BenchOptions>(['size', 'sizes', 'from', 'to']);

/** As much of a JSON Schema as is looked at. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly enum?: readonly unknown[];
  readonly const?: string;
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * What `twinspark bench TOOL` with these options asks for. Sizes take K, M and G for KiB, MiB and GiB.
 * @throws Failure BAD_INPUT (params: input, allowed) naming the first option that the tool does not take so
 */
export function requestOf(tool: RunnableTool, options: BenchOptions): BenchRequest {
  const shape = shapeOf(tool);
  const request: Record<string, unknown> = { tool };
  for (const name of names) {
    const text = options[name];
    if (text === undefined) continue;
    const member = members[name].find((one) => shape[one] !== undefined);
    if (member === undefined) throw refused(name, optionsOf(shape));
    request[member] = valueOf(name, text);
  }
  // A latency is that of one half; everything else shows what both carry.
  request['halves'] ??= tool === 'ib_write_lat' || tool === 'ib_read_lat' ? 'a' : 'both';
  const { success, data, error } = benchRequestSchema.safeParse(request);
  if (success) return data;
  const at = error.issues[0]?.path[0];
  const wrong = names.find((name) => options[name] !== undefined && members[name].includes(String(at)));
  // Only the two ends of a range can be wrong together.
  if (wrong === undefined) throw refused('from', `--from ≤ --to`);
  throw refused(wrong, allowed(shape[String(at)] ?? {}));
}

function refused(option: keyof BenchOptions, allowedValues: string): Failure {
  return new Failure('BAD_INPUT', { input: `--${option}`, allowed: allowedValues });
}

function valueOf(name: keyof BenchOptions, text: string): string | number {
  const [, digits, unit = ''] = /^(\d{1,12})([KMG]?)(?:i?B)?$/i.exec(text) ?? [];
  if (digits === undefined || (unit !== '' && !sizes.has(name))) return text;
  return Number(digits) * 1024 ** ' KMG'.indexOf(unit === '' ? ' ' : unit.toUpperCase());
}

function shapeOf(tool: RunnableTool): Readonly<Record<string, Shape>> {
  const { oneOf = [], anyOf = [] } = z.toJSONSchema(benchRequestSchema, { io: 'input' }) as Shape;
  const own = [...oneOf, ...anyOf].find(({ properties }) => {
    const { const: only, enum: several = [] } = properties?.['tool'] ?? {};
    return only === tool || several.includes(tool);
  });
  return own?.properties ?? {};
}

function optionsOf(shape: Readonly<Record<string, Shape>>): string {
  return names
    .filter((name) => members[name].some((member) => shape[member] !== undefined))
    .map((name) => `--${name}`)
    .join(', ');
}

function allowed({ enum: values, const: only, anyOf, minimum, maximum, type }: Shape): string {
  if (values) return values.map(String).join(', ');
  if (only !== undefined) return only;
  const parts = anyOf?.filter((one) => one.type !== 'null').map(allowed);
  if (parts) return parts.join(', ');
  return minimum === undefined ? (type ?? '') : `${minimum}…${maximum ?? ''}`;
}
