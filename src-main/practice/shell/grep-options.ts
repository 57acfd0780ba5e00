/** Options of grep whose value is the rest of the word, or the next word. */
const valued = 'efmABCdD';

export interface GrepCall {
  readonly options: readonly string[];
  /** Undefined where `-e` or `-f` gives it. */
  readonly pattern: string | undefined;
  readonly files: readonly string[];
  /** `-s`: no words about files that cannot be read. */
  readonly silent: boolean;
  /** `-H`: each line after the name of its file. */
  readonly named: boolean;
  /** `-z`: lines end with NUL, in and out. */
  readonly zeros: boolean;
}

/** Reads grep's arguments; `-a`, `-s`, `-H` and `-z`, which the interpreter's own does not know, are taken out. */
export function grepCall(args: readonly string[]): GrepCall {
  const options: string[] = [];
  const operands: string[] = [];
  const found = new Set<string>();
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      operands.push(...rest);
      break;
    }
    if (word.startsWith('--')) options.push(word);
    else if (!/^-./.test(word)) operands.push(word);
    else options.push(...shortOptions(word, rest, found));
  }
  const given = found.has('e') || found.has('f');
  const pattern = given ? undefined : operands.shift();
  return {
    options,
    pattern,
    files: operands,
    silent: found.has('s'),
    named: found.has('H'),
    zeros: found.has('z'),
  };
}

function shortOptions(word: string, rest: string[], found: Set<string>): string[] {
  let kept = '-';
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    found.add(letter);
    if (!'asHz'.includes(letter)) kept += letter;
    if (!valued.includes(letter)) continue;
    const value = at + 1 < word.length ? word.slice(at + 1) : (rest.shift() ?? '');
    return [kept, value];
  }
  return kept === '-' ? [] : [kept];
}
