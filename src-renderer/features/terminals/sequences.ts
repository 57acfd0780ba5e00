import type { IDisposable, Terminal } from '@xterm/xterm';

/** OSC codes that would change colours. */
const colourCodes = [4, 10, 11, 12];
const colourResets = [104, 110, 111, 112];
/** Asks for colours and sets none: `?` or, for numbered ones, `1;?;7;?`. */
const question = /^(?:\d+;)?\?(?:;(?:\d+;)?\?)*$/;

/**
 * What a node may do by escape sequences, where that is more than putting characters into its own pane. The node is not
 * trusted: a file shown with `cat`, or a hostile machine, prints what it likes.
 *
 * | sequence                                        | here                                                              |
 * | ----------------------------------------------- | ----------------------------------------------------------------- |
 * | OSC 0, 1, 2: title                              | shown as text, filtered and cut; never reported back              |
 * | OSC 4, 10, 11, 12, 104, 110–112: set colours    | refused: a pane's colours tell which node it is, and stay legible |
 * | the same with `?`: ask for colours              | answered in a fixed form, for programs that choose dark or light  |
 * | OSC 7, 9, 133, 633, 777, 1337: folder, messages | ignored: no message of a node looks like one of Twinspark         |
 * | OSC 8: links                                    | http and https, after the whole address was shown and confirmed   |
 * | OSC 52: clipboard                               | refused: neither written nor told                                 |
 * | CSI … t: move, size, report the window          | refused by xterm.js unless allowed; title stack as well           |
 * | CSI c, CSI n, DCS $ q, CSI … $ p: questions     | answered in fixed forms that hold no text of the node             |
 * | CSI ? 3 h: 132 columns                          | refused: the pane has its size from the window                    |
 * | ESC c, CSI ! p, CSI 2 J, CSI 3 J: reset, clear  | allowed: its own pane only                                        |
 * | BEL                                             | silent                                                            |
 * | DCS (sixel, ReGIS), APC, PM, SOS                | swallowed: no images, no macros                                   |
 *
 * xterm.js swallows what it does not know; what is refused here is refused by name, so that an update or an addon does not
 * let it in again.
 */
export function refuseHarmful(terminal: Terminal): IDisposable {
  const { parser } = terminal;
  const refuse = (): boolean => true;
  const handlers = [
    parser.registerOscHandler(52, refuse),
    ...colourCodes.map((code) => parser.registerOscHandler(code, (data) => !question.test(data))),
    ...colourResets.map((code) => parser.registerOscHandler(code, refuse)),
    parser.registerCsiHandler({ final: 't' }, refuse),
  ];
  return { dispose: () => handlers.forEach((handler) => handler.dispose()) };
}

/**
 * Puts the pane back into its first modes when another shell begins in it: what was running may have left the mouse taken,
 * pastes bracketed, the cursor hidden or the other screen on. What was printed stays, the cursor goes to a line of its own.
 *
 * @param otherScreen whether a full-screen program has left its screen on
 * @param column where the cursor is, from 0
 */
export function firstModes(otherScreen: boolean, column: number): string {
  return [
    // Only where it is on: this one moves the cursor to where it was before.
    otherScreen ? '\u001b[?1049l' : '',
    // Soft reset: every mode but the mouse's, margins, attributes; the cursor stays.
    '\u001b[!p\u001b[?9;1000;1002;1003;1005;1006;1015;1016l',
    '\u001b(B\u001b)B\u000f\u001b[0 q',
    otherScreen || column > 0 ? '\r\n' : '',
  ].join('');
}
