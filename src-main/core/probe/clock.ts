import { raw } from '../shell/quote';
import { known, malformed, parser, wholeNumber } from './parsed';
import { section } from './section';

/** Nanoseconds since the epoch, then the first number of /proc/uptime. */
export const clockSection = section(
  'clock',
  'system',
  'date, /proc/uptime',
  raw('u=-; read -r u r </proc/uptime; printf "%s %s\\n" "$(date +%s%N)" "$u"'),
  { maxBytes: 4096 },
);

function words(text: string): [string, string] {
  const found = /^(\d{1,22}) (\S{1,32})\s*$/.exec(text.trim());
  return [found?.[1] ?? '', found?.[2] ?? ''];
}

/** Milliseconds since the epoch. */
export const parseClock = parser<number>((text) => {
  const [nanoseconds] = words(text);
  const ms = nanoseconds.length > 6 ? wholeNumber(nanoseconds.slice(0, -6)) : null;
  return ms === null ? malformed('no time') : known(ms);
});

/** Whole seconds since the node started. */
export const parseUptime = parser<number>((text) => {
  const [, uptime] = words(text);
  const seconds = /^(\d{1,12})(?:\.\d{1,9})?$/.exec(uptime)?.[1];
  return seconds === undefined ? malformed('no uptime') : known(Number(seconds));
});
