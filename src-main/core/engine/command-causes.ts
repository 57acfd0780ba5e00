import { message, type Message } from '../../contract/message';

/** What commands print when the machine itself is the trouble, whatever they were doing (LC_ALL=C; errno(3)). */
const signs = [
  { id: 'disk-full', says: /no space left on device|disk quota exceeded/i },
  { id: 'read-only', says: /read-only file system/i },
  { id: 'no-memory', says: /cannot allocate memory|out of memory|killed signal terminated program/i },
  { id: 'no-internet', says: /could not resolve host|unable to access '|failed to connect to \S+ port/i },
  { id: 'no-revision', says: /couldn't find remote ref|is not the expected commit/i },
  { id: 'gpu-unsupported', says: /unsupported gpu architecture/i },
  { id: 'package-lock', says: /could not get lock .*(dpkg|apt)|dpkg frontend lock/i },
  // Says that it failed, and not why: what says why stands before it.
  { id: 'build-failed', says: /^make(\[\d+\])?: \*\*\* /m },
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
