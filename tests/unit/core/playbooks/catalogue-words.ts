import { IntlMessageFormat } from 'intl-messageformat';
import catalogue from '../../../../resources/locales/en.json';

export const texts: Record<string, string> = catalogue;

interface Element {
  readonly type: number;
  readonly value?: string;
  readonly options?: Record<string, { value: Element[] }>;
}

/** Names of the parameters that an ICU text uses (types 1–6 carry one; 0 is text, 7 is `#`). */
export function parametersOf(text: string): string[] {
  const visit = (elements: readonly Element[]): string[] =>
    elements.flatMap(({ type, value, options }) => [
      ...(type >= 1 && type <= 6 && value !== undefined ? [value] : []),
      ...Object.values(options ?? {}).flatMap((option) => visit(option.value)),
    ]);
  return [...new Set(visit(new IntlMessageFormat(text, 'en').getAst()))].sort();
}
