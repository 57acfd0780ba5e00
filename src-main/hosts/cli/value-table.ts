import { plain } from '../../words/plain';
import { table } from './table';

/** Rows shown of one list. */
const ROWS = 500;

/** Any parsed value for people: lists of records as tables, records as their members. */
export function valueTable(value: unknown, indent = ''): string[] {
  if (Array.isArray(value)) return list(value as unknown[], indent);
  if (!isRecord(value)) return [`${indent}${cell(value)}`];
  const flat = Object.entries(value).filter(([, one]) => !isNested(one));
  const nested = Object.entries(value).filter(([, one]) => isNested(one));
  return [
    ...table(flat.map(([key, one]) => [`${indent}${plain(key)}`, cell(one)])),
    ...nested.flatMap(([key, one]) => [`${indent}${plain(key)}`, ...valueTable(one, `${indent}  `)]),
  ];
}

function list(values: readonly unknown[], indent: string): string[] {
  const shown = values.slice(0, ROWS);
  const more = values.length > ROWS ? [`${indent}… ${values.length - ROWS}`] : [];
  if (!shown.every(isRecord)) return [...shown.map((one) => `${indent}${cell(one)}`), ...more];
  const columns = [...new Set(shown.flatMap((one) => Object.keys(one)))];
  const rows = shown.map((one) => columns.map((column) => cell(one[column])));
  return [
    ...table(
      [columns.map((name) => plain(name)), ...rows].map(([first = '', ...others]) => [
        `${indent}${first}`,
        ...others,
      ]),
    ),
    ...more,
  ];
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'object') return plain(JSON.stringify(value));
  return plain(typeof value === 'string' ? value : JSON.stringify(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNested(value: unknown): boolean {
  return isRecord(value) || (Array.isArray(value) && value.some(isRecord));
}
