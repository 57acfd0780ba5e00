import type { LogLine, Message } from '../../api/types';
import { plain } from '../../api/words';

/** The part of the words that a line needs. */
export interface LineWords {
  message(message: Message): string;
  stage(playbook: string, stage: string): string;
}

/** What a person sees of a line: what a node printed, or what Twinspark says, with a stage under its name. */
export function lineText({ text, message, about }: LogLine, words: LineWords, playbook = ''): string {
  if (!message) return plain(text);
  const { stage } = message.params;
  const named = stage === undefined ? {} : { stage: words.stage(playbook, String(stage)) };
  const said = words.message({ ...message, params: { ...message.params, ...named } });
  return about ? `${said}: ${words.message(about)}` : said;
}

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
