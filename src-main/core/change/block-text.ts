import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { contentState } from '../probe/file-state';
import { pathSchema } from './values';

/** One line of our own text: no end of line, nothing that could end a marker early. */
export const labelSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._:@/-]{0,79}$/);

export const partSchema = z.discriminatedUnion('kind', [
  /** As it is, without a line end added: an option can stand before a key. */
  z.object({ kind: z.literal('text'), text: z.string().regex(/^[^\0]*$/) }),
  /** The one public key in a file of this node, and a line end. */
  z.object({ kind: z.literal('local-file'), path: pathSchema }),
  /** The same from another node. */
  z.object({ kind: z.literal('peer-file'), node: z.string().min(1), path: pathSchema }),
]);
export type Part = z.infer<typeof partSchema>;

/** The lines that enclose a block. */
export function markers(label: string): { begin: string; end: string } {
  return { begin: `# BEGIN twinspark ${label}`, end: `# END twinspark ${label}` };
}

/** What a public key file may hold, as an extended regular expression for `grep -Ex`: one key, perhaps a comment. */
export const publicKeyPattern =
  '(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\\.com|sk-ecdsa-sha2-nistp256@openssh\\.com) [A-Za-z0-9+/]+={0,3}( [^[:cntrl:]]*)?';

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The whole block as text; null when files are part of it. */
export function blockText(label: string, parts: readonly Part[]): string | null {
  let body = '';
  for (const part of parts) {
    if (part.kind !== 'text') return null;
    body += part.text;
  }
  const { begin, end } = markers(label);
  return `${begin}\n${body}${body === '' || body.endsWith('\n') ? '' : '\n'}${end}\n`;
}

/** The block as it must look where a key that is not known beforehand is part of it. */
export function blockPattern(label: string, parts: readonly Part[]): RegExp {
  const { begin, end } = markers(label);
  const key = `(?:[a-z0-9@.-]+) [A-Za-z0-9+/]+={0,3}(?: [^\\x00-\\x1f\\x7f]*)?\\n`;
  const body = parts.map((part) => (part.kind === 'text' ? escape(part.text) : key)).join('');
  const last = parts.at(-1);
  const closed = last?.kind !== 'text' || last.text.endsWith('\n') ? '' : '\\n';
  return new RegExp(`^${escape(begin)}\\n${body}${closed}${escape(end)}\\n$`);
}

/** Where a block is in a file, in bytes, and its text. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Finds the one block of a label in a file's bytes.
 * `damaged`: its markers are there, but not as one pair in order.
 */
export function findBlock(file: Uint8Array, label: string): Found | 'damaged' | null {
  // One character per byte: positions in the text are positions in the file.
  const content = Buffer.from(file).toString('latin1');
  const { begin, end } = markers(label);
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const line of content.split('\n')) {
    // Somebody's editor has changed the line ends: the lines are ours no more.
    if (line === `${begin}\r` || line === `${end}\r`) return 'damaged';
    if (line === begin) starts.push(at);
    if (line === end) ends.push(Math.min(at + line.length + 1, content.length));
    at += line.length + 1;
  }
  const [start] = starts;
  const [stop] = ends;
  if (start === undefined && stop === undefined) return null;
  if (start === undefined || stop === undefined || starts.length > 1 || ends.length > 1 || start > stop) {
    return 'damaged';
  }
  const { content: text } = contentState(file.subarray(start, stop));
  return text === undefined ? 'damaged' : { start, end: stop, text };
}
