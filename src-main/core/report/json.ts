import type { Report } from './shape';

/** The report as data; characters that would steer a terminal or hide in an editor are escaped. */
export function jsonText(report: Report): string {
  const text = JSON.stringify(report, null, 2).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
