import type { LogLine } from '../../api/types';

/** The time of a line as the log shows it, HH:MM:SS.mmm of this computer's clock. */
export function clockTime(time: number): string {
  const date = new Date(time);
  const two = (number: number) => String(number).padStart(2, '0');
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Characters of a line that are drawn; the whole of it is searched, copied and saved. */
const drawn = 2000;

/** A text as long as a window can show it. */
export function shortened(text: string): string {
  return text.length > drawn ? `${text.slice(0, drawn)}…` : text;
}

/**
 * Lines for a file or the clipboard: time (UTC, ISO 8601), who, stream, text.
 * @param app what Twinspark calls itself there
 */
export function logText(lines: readonly LogLine[], textOf: (line: LogLine) => string, app: string): string {
  return lines
    .map((line) => {
      const who = line.node === '' ? app : line.node.replace(/[\s\p{C}]/gu, '?');
      return `${new Date(line.time).toISOString()}\t${who}\t${line.source}\t${textOf(line)}\n`;
    })
    .join('');
}
