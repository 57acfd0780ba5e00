/*
 * What a connection of the app writes to the shells of a node, read back: the texts are constants around values
 * (`src-main/adapters/ssh2/shell-text.ts`, docs/decisions/0004-root-shell.md). A practice node has no shell that could
 * run them, so it recognises them and does what they say. A line that is none of them is a script like any other.
 */

const hex = '([0-9a-f]{32})';

function pattern(...parts: string[]): RegExp {
  const literal = (text: string) => text.replaceAll(/[$^.*+?()[\]{}|\\]/g, String.raw`\$&`);
  return new RegExp(
    `^${parts.map((part, index) => (index % 2 === 0 ? literal(part) : part)).join('')}$`,
    's',
  );
}

const bootstrapPattern = pattern(
  `exec /bin/sh -c 'unset TMOUT; LC_ALL=C; export LC_ALL; _g=$$; ` +
    `{ read -r _a _b _c _d _g _e < /proc/$$/stat; } 2> /dev/null; echo `,
  hex,
  ' $_g; echo ',
  String.raw`\1`,
  ` >&2; IFS= read -r _x && eval "$_x"'`,
);

/** The nonce of an exec request that asks for a shell which waits for one line. */
export function readyNonce(request: string): string | undefined {
  return bootstrapPattern.exec(request)?.[1];
}

/** What the line given to a waiting shell asks for. */
export type ShellLine =
  | { readonly kind: 'script'; readonly script: string; readonly inputLength: number | undefined }
  | { readonly kind: 'sudo'; readonly prompt: string; readonly missing: string; readonly hello: string }
  | { readonly kind: 'dispatcher'; readonly hello: string };

const plainPattern = pattern('exec < /dev/null; ', '(.*)', '');
const inputPattern = pattern(
  '_b=$(head -c ',
  String.raw`(\d+)`,
  '); [ ${#_b} -eq ',
  String.raw`\1`,
  ' ] || exit 255; printf %s "$_b" | base64 -d | { ',
  '(.*)',
  '; }',
);
const sudoPattern = pattern(
  'command -v sudo > /dev/null 2>&1 || { echo ',
  hex,
  ' >&2; exit 127; }; exec sudo -S -p ',
  hex,
  ' /bin/sh -c ',
  '(.*)',
  '',
);
const dispatcherPattern = pattern(
  'unset TMOUT; LC_ALL=C; export LC_ALL; exec 3>&1 4>&2; echo ',
  hex,
  '; while IFS= read -r _x && IFS= read -r _s; do eval "$_x"; done',
);

export function shellLine(line: string): ShellLine {
  const sudo = sudoPattern.exec(line);
  if (sudo !== null) {
    const [, missing = '', prompt = '', quoted = ''] = sudo;
    const hello = dispatcherPattern.exec(unquoted(quoted) ?? '')?.[1];
    if (hello !== undefined) return { kind: 'sudo', prompt, missing, hello };
  }
  const hello = dispatcherPattern.exec(line)?.[1];
  if (hello !== undefined) return { kind: 'dispatcher', hello };
  const plain = plainPattern.exec(line);
  if (plain !== null) return { kind: 'script', script: evaluated(plain[1] ?? ''), inputLength: undefined };
  const input = inputPattern.exec(line);
  if (input !== null) {
    return { kind: 'script', script: evaluated(input[2] ?? ''), inputLength: Number(input[1]) };
  }
  return { kind: 'script', script: line, inputLength: undefined };
}

/** The frame around a root command. */
export interface FrameLine {
  readonly nonce: string;
  readonly inputLength: number | undefined;
}

const child = `'echo "$$"; IFS= read -r _x; eval "$_x"'`;
const framePattern = (take: string, feed: string) =>
  pattern(
    '',
    take,
    '_r=$({ { { ',
    feed,
    ` | setsid /bin/sh -c ${child} 3>&- 4>&- 5>&-; echo "$?" >&5; } ` +
      '2>&1 >&6 6>&- | cat >&4 6>&-; } 6>&1 | cat >&3; } 5>&1); echo "',
    hex,
    ' $_r"; echo ',
    hex,
    ' >&2',
  );
const frameAlone = framePattern('()', String.raw`printf "%s\\n" "\$_s"`);
const frameWithInput = framePattern(
  String.raw`_b=\$\(head -c (\d+)\); \[ \$\{#_b\} -eq \d+ \] \|\| exit 255; `,
  String.raw`\{ printf "%s\\n" "\$_s"; printf %s "\$_b" \| base64 -d; \}`,
);

/** @returns undefined when the line is no frame: the connection is not one of the app's */
export function frameLine(line: string): FrameLine | undefined {
  const found = frameAlone.exec(line) ?? frameWithInput.exec(line);
  const [, length = '', nonce = '', again] = found ?? [];
  if (found === null || nonce !== again) return undefined;
  return { nonce, inputLength: length === '' ? undefined : Number(length) };
}

/** The process group that the script ends, when it is the app's script for that. */
export function endedGroup(script: string): number | undefined {
  const group = /^_runs\(\) \{\nkill -s 0 -- -(\d+) 2> \/dev\/null \|\| return 1\n/.exec(script)?.[1];
  const whole =
    script.includes(`kill -s TERM -- -${group} `) && script.includes(`kill -s KILL -- -${group} `);
  return group !== undefined && whole ? Number(group) : undefined;
}

const evalPattern = /^_n=\$\{IFS#\?\?\}; eval (.*)$/s;

/** The script in a line that `eval` was to run; what is no such line is a script itself. */
export function evaluated(line: string): string {
  const quoted = evalPattern.exec(line)?.[1];
  if (quoted === undefined) return line;
  const lines: string[] = [];
  for (let rest = quoted; ;) {
    const word = /^(?:'[^']*(?:'\\''[^']*)*'|[A-Za-z0-9_@%+=:,./-]+)/.exec(rest)?.[0];
    const plain = word === undefined ? undefined : unquoted(word);
    if (word === undefined || plain === undefined) return line;
    lines.push(plain);
    rest = rest.slice(word.length);
    if (rest === '') return lines.join('\n');
    if (!rest.startsWith('"$_n"')) return line;
    rest = rest.slice('"$_n"'.length);
  }
}

/** One word as `quote` writes it; undefined for what it would not write. */
function unquoted(word: string): string | undefined {
  if (/^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/.test(word)) return word;
  if (!/^'[^']*(?:'\\''[^']*)*'$/.test(word)) return undefined;
  return word.slice(1, -1).replaceAll(`'\\''`, "'");
}
