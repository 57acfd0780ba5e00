import type { BrowserWindow, Dialog } from 'electron';
import type { Words } from '../../words/words';

/** `window.quit.NAME.{title,detail,yes,no}` of the catalogue. */
export type Question = 'changing' | 'closing' | 'gone' | 'unresponsive';

/**
 * Asks a yes-or-no question over the window, in the person's language. What changes least is the default, and what Escape
 * and closing the question mean; once the answer no longer matters the question goes, which counts as no.
 *
 * @param safe the answer that changes least
 */
export async function askPerson(
  dialog: Pick<Dialog, 'showMessageBox'>,
  window: BrowserWindow,
  words: Pick<Words, 'say'>,
  question: Question,
  safe: 'yes' | 'no',
  over: AbortSignal,
): Promise<boolean> {
  const say = (part: string) => words.say(`window.quit.${question}.${part}`);
  const preferred = safe === 'yes' ? 0 : 1;
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title: 'Twinspark',
    message: say('title'),
    detail: say('detail'),
    buttons: [say('yes'), say('no')],
    defaultId: preferred,
    cancelId: preferred,
    noLink: true,
    signal: over,
  });
  return !over.aborted && response === 0;
}
