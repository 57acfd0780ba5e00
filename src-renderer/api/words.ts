/** The catalogue, the same as the command line's. */
export { loadWords, Words, type Language } from '../../src-main/words/words';
export { plain, plainText } from '../../src-main/words/plain';
