import { charWidth, textWidth } from './text-width';

/** Draws the line that is being edited, over as many rows as it takes. */
export class LineView {
  /** Row of the cursor below the row of the prompt. */
  #row = 0;

  constructor(private readonly columns: () => number) {}

  /** What draws the prompt and an empty line where the cursor is. */
  begin(prompt: string): string {
    this.#row = Math.floor(textWidth(prompt) / this.columns());
    return `\r${prompt}`;
  }

  /** What shows further characters at the end of the line; undefined where they do not stay in its last row. */
  append(prompt: string, chars: readonly string[], added: readonly string[]): string | undefined {
    const before = this.#place(prompt, chars);
    const after = this.#place(prompt, [...chars, ...added]);
    return before.row === after.row ? added.join('') : undefined;
  }

  /** What draws the line anew over its old form, the cursor before character `cursor`. */
  redraw(prompt: string, chars: readonly string[], cursor: number): string {
    const up = this.#row > 0 ? `\x1b[${this.#row}A` : '';
    const before = this.#place(prompt, chars.slice(0, cursor));
    const end = this.#place(prompt, chars);
    this.#row = before.row;
    // A terminal stays at the edge until something follows the last column.
    const fold = end.column === 0 && end.row > 0 ? '\r\n' : '';
    const back = end.row > before.row ? `\x1b[${end.row - before.row}A` : '';
    const right = before.column > 0 ? `\x1b[${before.column}C` : '';
    return `${up}\r\x1b[J${prompt}${chars.join('')}${fold}${back}\r${right}`;
  }

  /** What moves the cursor below the line. */
  leave(prompt: string, chars: readonly string[]): string {
    const end = this.#place(prompt, chars);
    const down = end.row > this.#row ? `\x1b[${end.row - this.#row}B` : '';
    this.#row = 0;
    return `${down}\r\n`;
  }

  #place(prompt: string, chars: readonly string[]): { row: number; column: number } {
    const columns = this.columns();
    let row = Math.floor(textWidth(prompt) / columns);
    let column = textWidth(prompt) % columns;
    for (const char of chars) {
      const width = charWidth(char);
      // A wide character does not start in the last column.
      if (column + width > columns) {
        row++;
        column = 0;
      }
      column += width;
      if (column >= columns) {
        row++;
        column = 0;
      }
    }
    return { row, column };
  }
}
