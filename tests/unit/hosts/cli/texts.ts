import { IntlMessageFormat } from 'intl-messageformat';
import { readableKeys } from '../../../../src-main/words/icu';

/** As much of a parsed ICU text as is looked at. */
interface Element {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Element[] }>>;
}

const kinds: Readonly<Record<number, string>> = {
  1: 'text',
  2: 'number',
  3: 'date',
  4: 'time',
  5: 'select',
  6: 'plural',
};

function* elements(text: string): Generator<Element> {
  const open: Element[] = [
    ...new IntlMessageFormat(readableKeys(text), 'en', undefined, { ignoreTag: true }).getAst(),
  ];
  for (let element = open.pop(); element; element = open.pop()) {
    yield element;
    for (const { value } of Object.values(element.options ?? {})) open.push(...value);
  }
}

/**
 * What a text asks of its parameters, one line for each: name, kind, and for a choice its keys. Plural categories differ
 * between languages, exact numbers (`=0`) do not.
 */
export function demands(text: string): string[] {
  const found = [...elements(text)].flatMap(({ type, value = '', options = {} }) => {
    const kind = kinds[type];
    if (kind === undefined) return [];
    const keys = Object.keys(options).filter((key) => kind === 'select' || key.startsWith('='));
    return [[value, kind, ...keys.sort()].join(' ')];
  });
  return [...new Set(found)].sort();
}

/** Parameters that bring the text to every one of its choices at least once; those that are not chosen by are dummies. */
export function samples(text: string): Record<string, string | number>[] {
  const dummy: Record<string, string | number> = {};
  const choices: [name: string, value: string | number][] = [];
  for (const { type, value: full = '', options = {} } of elements(text)) {
    const kind = kinds[type];
    if (kind === undefined) continue;
    const name = full.replace(/__key$/, '');
    dummy[name] ??= kind === 'number' || kind === 'plural' ? 7 : `<${name}>`;
    if (kind === 'plural') {
      dummy[name] = 7;
      choices.push(...[0, 1, 2].map((count): [string, number] => [name, count]));
    }
    if (kind === 'select')
      choices.push(...Object.keys(options).map((key): [string, string] => [name, key.replaceAll('_', '-')]));
  }
  return [dummy, ...choices.map(([name, value]) => ({ ...dummy, [name]: value === 'missing' ? '' : value }))];
}
