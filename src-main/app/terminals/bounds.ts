import { limits } from '../../contract/limits';
import { Failure } from '../../core/failure';
import type { TerminalSize } from '../../core/ports';

/** @throws Failure BAD_REQUEST for anything but 2–1000 columns and 1–500 rows */
export function checkSize({ columns, rows }: TerminalSize): void {
  const fits = within(columns, 2, limits.terminalColumns) && within(rows, 1, limits.terminalRows);
  if (!fits) throw new Failure('BAD_REQUEST', { reason: 'terminal size' });
}

/** @throws Failure BAD_REQUEST for more than 64 KiB in one call */
export function checkInput(data: string): void {
  if (data.length > limits.terminalWrite) throw new Failure('BAD_REQUEST', { reason: 'terminal input' });
}

/** @throws Failure BAD_REQUEST for anything but a count */
export function checkCount(characters: number): void {
  if (!Number.isSafeInteger(characters) || characters < 0) {
    throw new Failure('BAD_REQUEST', { reason: 'terminal acknowledge' });
  }
}

function within(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
