import type { Fact, UnknownReason } from '../../contract/facts';

/** What a parser makes of text: a value, or the honest reason why there is none. */
export type Parsed<T> = { known: true; value: T } | { known: false; reason: UnknownReason; detail: string };

/** Text beyond this many characters is refused unread. */
const TEXT_LIMIT = 32 * 1024 * 1024;
/** Longer lines are cut: no tool read here prints longer ones, and every pattern stays cheap. */
const LINE_LIMIT = 4096;

export function known<T>(value: T): Parsed<T> {
  return { known: true, value };
}

export function unknown(reason: UnknownReason, detail: string): Parsed<never> {
  return { known: false, reason, detail: printable(detail, 300) };
}

export function malformed(detail: string): Parsed<never> {
  return unknown('malformed', detail);
}

/** The parsed value as a fact of `source`. */
export function asFact<T>(parsed: Parsed<T>, source: string): Fact<T> {
  return { ...parsed, source };
}

/**
 * Makes a total parser of `read`: colours and carriage returns are taken out, empty text is `empty`, and whatever
 * `read` throws is `malformed`. A parser never throws.
 */
export function parser<T>(read: (text: string) => Parsed<T>): (text: string) => Parsed<T> {
  return (text) => {
    if (text.length > TEXT_LIMIT) return unknown('too-large', `${text.length} characters`);
    try {
      const clean = plain(text);
      return clean.trim() === '' ? unknown('empty', 'no output') : read(clean);
    } catch (error) {
      return malformed(error instanceof Error ? error.message : 'unreadable');
    }
  };
}

/** Text without byte order mark, colours (`ESC[…m`, `ESC[K`) and carriage returns; other control characters stay. */
export function plain(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\u001B\[[0-9;:]*[mK]/g, '')
    .replace(/\r\n?/g, '\n');
}

/** Lines without trailing space; over-long ones are cut. */
export function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.slice(0, LINE_LIMIT).trimEnd());
}

// C0, DEL, C1, and the marks that reorder or hide text on a screen.
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/;
const CONTROLS = new RegExp(CONTROL.source, 'g');

export function hasControl(value: string): boolean {
  return CONTROL.test(value);
}

/** Foreign text made fit for showing: control characters become spaces, and it is cut at `limit`. */
export function printable(text: string, limit: number): string {
  const shown = text
    .slice(0, limit * 4)
    .replace(CONTROLS, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return shown.length > limit ? `${shown.slice(0, limit - 1)}…` : shown;
}

/** A human label (product name, version): trimmed, without control characters, at most `limit` long; else null. */
export function label(value: string, limit = 128): string | null {
  const text = value.trim();
  return text === '' || text.length > limit || hasControl(text) || text.includes('\uFFFD') ? null : text;
}

/** A network interface name as Linux allows it (IFNAMSIZ, no space, no slash). */
export function isInterfaceName(value: string): boolean {
  return value.length <= 15 && /^[^\s/]+$/.test(value) && !hasControl(value) && !value.includes('\uFFFD');
}

/** An RDMA device name. */
export function isDeviceName(value: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(value);
}

/** A host name or fully qualified name of at most 253 characters. */
export function isHostName(value: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}$/.test(value);
}

/** An absolute path in printable text. */
export function isPath(value: string): boolean {
  return value.startsWith('/') && value.length <= 1024 && !hasControl(value);
}

/** A non-negative whole number that JavaScript holds exactly; null for anything else, localised digits included. */
export function wholeNumber(value: string): number | null {
  if (!/^\d{1,16}$/.test(value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}
