import { message, type Message } from '../../contract/message';

/** What commands print when the machine itself is the trouble, whatever they were doing (LC_ALL=C; errno(3)). */
const signs = [
  { id: 'disk-full', says: /no space left on device|disk quota exceeded/i },
  { id: 'read-only', says: /read-only file system/i },
  { id: 'no-memory', says: /cannot allocate memory|out of memory/i },
  { id: 'package-lock', says: /could not get lock .*(dpkg|apt)|dpkg frontend lock/i },
] as const;

/** Likely causes of a failed command with their remedies, read from what it printed. */
export function commandCauses(node: string, output: string): { cause: Message; remedy: Message }[] {
  return signs
    .filter(({ says }) => says.test(output))
    .map(({ id }) => ({
      cause: message(`change.cause.${id}`, { node }),
      remedy: message(`change.cause.${id}.remedy`, { node }),
    }));
}
