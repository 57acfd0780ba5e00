import { createHash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { Failure } from '../failure';

/** Absolute, in its shortest form, one line: what a script and a listing can both carry. */
export const pathSchema = z
  .string()
  .max(1024)
  .regex(/^(\/[^/\0\n\r]+)+$/)
  .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'));

/** Octal, four digits. */
export const modeSchema = z.string().regex(/^[0-7]{4}$/);

/** A user or group as useradd accepts it, or its number. */
export const accountSchema = z.string().regex(/^([a-z_][a-z0-9_.-]{0,31}|[0-9]{1,10})$/);

export function sha256(content: string): string {
  return createHash('sha256').update(content, 'utf8').digest('hex');
}

/** Bytes of `text` as UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Path's folder and last name. */
export function split(path: string): { folder: string; base: string } {
  const at = path.lastIndexOf('/');
  return { folder: at === 0 ? '/' : path.slice(0, at), base: path.slice(at + 1) };
}

/** Why a change is not made or cannot be read; `reason` is one of a few stable words. */
export function refused(kind: string, target: string, reason: string, evidence?: string): Failure {
  return new Failure('CHANGE_FAILED', { kind, target, reason }, evidence === undefined ? {} : { evidence });
}

/** A `read` script printed something else than it is made to print. */
export function malformed(kind: string, target: string, output: string): Failure {
  return refused(kind, target, 'unreadable', output.slice(0, 2000));
}

/** Octal mode with its four digits, as `stat -c %a` leaves zeros out. */
export function fourDigits(mode: string): string {
  return mode.padStart(4, '0');
}
