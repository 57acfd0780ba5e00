import { linesOf } from './parsed';

/**
 * Shell-like `KEY=value` lines as os-release(5) has them; the last one of a key wins, and a quoted value that does not
 * end is null. Other lines are passed over. Nothing is expanded.
 */
export function keyValues(text: string): Map<string, string | null> {
  const values = new Map<string, string | null>();
  for (const line of linesOf(text)) {
    const found = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]{0,63})=(.*)$/.exec(line);
    if (found === null) continue;
    const [, key = '', value = ''] = found;
    values.set(key, unquoted(value));
  }
  return values;
}

function unquoted(value: string): string | null {
  const quote = value[0];
  if (quote !== '"' && quote !== "'") return value;
  if (value.length < 2 || !value.endsWith(quote)) return null;
  const inner = value.slice(1, -1);
  return quote === '"' ? inner.replace(/\\([\\"$`])/g, '$1') : inner;
}
