import { plain } from '../../api/words';

const shown = 80;
/** Looked at before filtering: a node may send megabytes. */
const looked = 1024;

/** A title that a node has set, as text: without escapes, with hidden characters made visible, cut to 80 characters. */
export function shownTitle(title: string): string {
  const characters = Array.from(plain(title.slice(0, looked)).trim());
  return characters.length <= shown ? characters.join('') : `${characters.slice(0, shown - 1).join('')}…`;
}
