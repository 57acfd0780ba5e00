/** A small seeded generator (mulberry32), so that a failing case can be repeated. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The text cut at `points` places over its length. */
export function truncated(text: string, points = 40): string[] {
  return Array.from({ length: points }, (_, index) =>
    text.slice(0, Math.floor((text.length * index) / points)),
  );
}

/** Each line of one followed by a line of the other. */
export function interleaved(one: string, other: string): string {
  const right = other.split('\n');
  return one
    .split('\n')
    .flatMap((line, index) => [line, right[index] ?? ''])
    .join('\n');
}

const NASTY = [
  '\0',
  '\u001B[2J',
  '\u001B]0;title\u0007',
  '\u202E',
  '$(reboot)',
  '`id`',
  "'; rm -rf / #",
  '\n\n\n',
  '\r',
  '\uFFFD',
  '٣',
  '1.234,5',
  '{"',
  ']]',
  ':'.repeat(40),
  ' '.repeat(200),
  '9'.repeat(40),
  '../..',
];

/** Text with pieces replaced, doubled, swapped or hostile, by the generator. */
export function mutated(text: string, next: () => number): string {
  let result = text;
  const rounds = 1 + Math.floor(next() * 6);
  for (let round = 0; round < rounds; round++) {
    const at = Math.floor(next() * (result.length + 1));
    const length = Math.floor(next() * 20);
    const piece = NASTY[Math.floor(next() * NASTY.length)] ?? '';
    const kind = next();
    if (kind < 0.4) result = result.slice(0, at) + piece + result.slice(at);
    else if (kind < 0.6) result = result.slice(0, at) + result.slice(at + length);
    else if (kind < 0.8) result = result.slice(0, at) + result.slice(at, at + length) + result.slice(at);
    else result = result.slice(0, at) + String.fromCharCode(Math.floor(next() * 256)) + result.slice(at + 1);
  }
  return result;
}

/** What a terminal, a slow pipe or a document does to an output without changing what it says. */
export function harmless(text: string): { how: string; text: string }[] {
  return [
    { how: 'CRLF', text: text.replaceAll('\n', '\r\n') },
    { how: 'colours', text: text.replace(/^(\S+)/gm, '\u001B[01;31m\u001B[K$1\u001B[m\u001B[K') },
    { how: 'a byte order mark', text: `\uFEFF${text}` },
    { how: 'blank lines around', text: `\n\n${text}\n\n` },
  ];
}
