/** Deeper nesting is no output of a benchmark. */
const DEPTH = 32;

/**
 * JSON as it comes out of a terminal: other programs' lines in between, decimal commas, an end that is missing. Gives
 * what is whole of it, undefined where nothing is, and whether that is all. Takes time linear in the text.
 */
export function lenientJson(lines: readonly string[]): { value: unknown; whole: boolean } {
  const whole = parsed(lines.join('\n'));
  if (whole !== undefined) return { value: whole, whole: true };
  const own = lines.filter((line) => OWN.test(line)).map((line) => line.replace(COMMA, '$1.$2'));
  const cleaned = parsed(own.join('\n'));
  if (cleaned !== undefined) return { value: cleaned, whole: true };
  return { value: parsed(closed(own.join('\n'))), whole: false };
}

/** What a line of pretty-printed JSON begins with. */
const OWN = /^[\s\u00a0]*(?:["{}[\]]|-?\d[\d.,eE+-]*,?$)/;
/** `"rate": 3,5,`: a comma with a digit on either side at the end of a line is a decimal one. */
const COMMA = /(:\s*-?\d+),(\d+)(?=,?$)/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text up to the last whole value, with what is open closed; `null` when there is none. */
function closed(text: string): string {
  const open: string[] = [];
  let last: { at: number; open: string[] } | null = null;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') {
      if (open.length >= DEPTH) break;
      open.push(character === '{' ? '}' : ']');
    } else if (character === '}' || character === ']') {
      if (open.pop() !== character) break;
      last = { at: at + 1, open: [...open] };
      if (open.length === 0) break;
    } else if (character === ',') last = { at, open: [...open] };
  }
  return last === null ? 'null' : text.slice(0, last.at) + last.open.reverse().join('');
}
