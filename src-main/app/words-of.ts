import { loadWords, type Words } from '../words/words';
import type { State } from './state';

/** The words of the language that the person has chosen. */
export function wordsOf(state: State): Promise<Words> {
  const { language } = state.get('settings');
  return loadWords(language === 'system' ? state.get('app').systemLanguage : language);
}
