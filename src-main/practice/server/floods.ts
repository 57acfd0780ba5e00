import { Buffer } from 'node:buffer';
import { plainLine } from './plain-words';

const chunkBytes = 32 * 1024;

/** Output without end, or of great length, piece by piece: commands of the in-memory shell answer only as a whole. */
export function flood(line: string): Iterable<Buffer> | undefined {
  const { assignments, words } = plainLine(line) ?? { assignments: [], words: [] };
  const [name, ...args] = words;
  if (assignments.length > 0) return undefined;
  if (name === 'yes') return repeated(args.length === 0 ? 'y' : args.join(' '));
  if (
    name === 'seq' &&
    args.length > 0 &&
    args.length <= 3 &&
    args.every((arg) => /^-?\d{1,15}$/.test(arg))
  ) {
    const numbers = args.map(Number);
    const [first = 1, step = 1, last = 1] =
      numbers.length === 1
        ? [1, 1, numbers[0]]
        : numbers.length === 2
          ? [numbers[0], 1, numbers[1]]
          : numbers;
    return step === 0 ? undefined : counted(first, step, last);
  }
  return undefined;
}

function* repeated(text: string): Iterable<Buffer> {
  const line = `${text}\r\n`;
  const chunk = Buffer.from(line.repeat(Math.max(1, Math.floor(chunkBytes / line.length))));
  for (;;) yield chunk;
}

function* counted(first: number, step: number, last: number): Iterable<Buffer> {
  let text = '';
  for (let number = first; step > 0 ? number <= last : number >= last; number += step) {
    text += `${number}\r\n`;
    if (text.length < chunkBytes) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}
