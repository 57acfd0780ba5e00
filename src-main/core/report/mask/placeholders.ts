/**
 * Names that stand for what is hidden: `<mac-1>`. One value has one name everywhere. While a text is worked on they are
 * characters that nothing else matches; {@link Placeholders.shown} makes them readable at the end.
 */
export class Placeholders {
  readonly #byKey = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #names: string[] = [];

  /** The stand-in of `key`, a value in one spelling for all. */
  of(kind: string, key: string): string {
    const whole = `${kind} ${key}`;
    const known = this.#byKey.get(whole);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const mark = `\ufdd0${String.fromCodePoint(FIRST + this.#names.length)}\ufdd1`;
    this.#names.push(`<${kind}-${count}>`);
    this.#byKey.set(whole, mark);
    return mark;
  }

  /** Another spelling or name of what `mark` stands for. */
  also(kind: string, key: string, mark: string): void {
    const whole = `${kind} ${key}`;
    if (!this.#byKey.has(whole)) this.#byKey.set(whole, mark);
  }

  shown(text: string): string {
    return text.replace(
      /\ufdd0(.)\ufdd1/gu,
      (_, mark: string) => this.#names[(mark.codePointAt(0) ?? FIRST) - FIRST] ?? '',
    );
  }
}

/** Supplementary Private Use Area: 65,534 of them, and no text of a node is written in it. */
const FIRST = 0xf0000;

/** Replaces what it hides by stand-ins. */
export type Mask = (text: string, names: Placeholders) => string;

/** As part of a regular expression that matches exactly this text. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
