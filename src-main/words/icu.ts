/**
 * Makes a catalogue text readable for intl-messageformat, which takes no hyphen in the keys of a `select`, while our codes
 * have them (`proxy-command`). Keys get underscores, and a select looks at a variable of its own, `NAME__key`
 * (see {@link selectValues}), so that `other {{reason}}` still shows the value as it is.
 */
export function readableKeys(text: string): string {
  /** For every open brace: whether it holds words (`text`) or the keys of a select or plural (`keys`). */
  const open: ('text' | 'keys')[] = [];
  let result = '';
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const inKeys = open.at(-1) === 'keys';
    const head = inKeys ? null : /^\{\s*([\w-]+)\s*,\s*(select|plural|selectordinal)\s*,/.exec(rest);
    const key = inKeys ? /^[a-z_][\w-]*(?=\s*\{)/i.exec(rest) : null;
    if (head) {
      const name = head[2] === 'select' ? `${head[1] ?? ''}__key` : (head[1] ?? '');
      result += `{${name}, ${head[2] ?? ''},`;
      open.push('keys');
      at += head[0].length;
    } else if (key) {
      result += key[0].replaceAll('-', '_');
      at += key[0].length;
    } else {
      const character = text.charAt(at++);
      if (character === '{') open.push('text');
      if (character === '}') open.pop();
      result += character;
    }
  }
  return result;
}

/** The parameters with what a select compares them by; `missing` stands for what is empty or was not given ("?"). */
export function selectValues(
  params: Readonly<Record<string, string | number>>,
): Record<string, string | number> {
  const keys = Object.entries(params).map(([name, value]) => {
    const given = value !== '' && value !== '?';
    return [`${name}__key`, given ? String(value).replaceAll('-', '_') : 'missing'];
  });
  return { ...params, ...(Object.fromEntries(keys) as Record<string, string>) };
}
