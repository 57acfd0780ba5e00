const special = new Set(['FS', 'OFS', 'ORS', 'RS', 'SUBSEP']);

/**
 * awk's arguments with `-v OFS=:` and its like said at the beginning of the program: the interpreter's own awk takes
 * them for variables of the script.
 */
export function awkArguments(args: readonly string[]): string[] {
  const options: string[] = [];
  const rest = [...args];
  let begin = '';
  for (let word = rest[0]; word?.startsWith('-') === true && word !== '-'; word = rest[0]) {
    rest.shift();
    if (word === '--') break;
    const separate = /^-[Fvf]$/.test(word);
    const value = separate ? (rest.shift() ?? '') : word.slice(2);
    const [, name = '', text = ''] = /^(\w+)=(.*)$/s.exec(value) ?? [];
    if (word.startsWith('-v') && special.has(name)) begin += `${name} = ${quoted(text)}; `;
    else options.push(...(separate ? [word, value] : [word]));
  }
  const fromFile = options.some((option) => option.startsWith('-f'));
  if (begin === '' || fromFile) return [...args];
  const [program = '', ...files] = rest;
  return [...options, `BEGIN { ${begin}} ${program}`, ...files];
}

/** As a string of awk; escapes in the value mean what they mean there. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
