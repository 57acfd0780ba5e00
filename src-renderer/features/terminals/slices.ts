/**
 * Characters that are parsed in one go. xterm.js looks at the clock between the pieces that it is given and lets the
 * screen be drawn after 12 ms: a smaller piece keeps each task short, a larger one costs less per character.
 */
export const sliceCharacters = 16 * 1024;

/** A character with more marks on it than this is no writing, but a way to make the window slow. */
const mostMarks = 16;
const tooManyMarks = new RegExp(`(\\p{M}{${String(mostMarks)}})\\p{M}+`, 'gu');

/**
 * Cuts output into pieces that are parsed one by one, each with the number of characters that it stands for. Marks that
 * pile up on one character are left out: they grow a single cell without an end.
 */
export function* slices(text: string): Generator<{ readonly text: string; readonly characters: number }> {
  for (let at = 0; at < text.length; at += sliceCharacters) {
    const piece = text.slice(at, at + sliceCharacters);
    yield { text: piece.replace(tooManyMarks, '$1'), characters: piece.length };
  }
}
