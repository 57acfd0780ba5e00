import { CST, isAlias, isScalar, isSeq, Lexer, parseDocument, visit } from 'yaml';
import { isSecretName, looksSecret } from '../secret-text';

/** What stands in a secret's place. */
const BLANK = '"•••"';

/** Where something is left out of a text, and what stands there instead. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/**
 * A netplan file with its secrets blanked out (Wi-Fi passwords, WireGuard keys, …) and all else as it was: it still says
 * the same of every interface. Undefined for a file that seems to hold one and cannot be understood.
 */
export function withoutSecrets(text: string): string | undefined {
  try {
    const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent', prettyErrors: false });
    if (document.errors.length > 0) return looksSecret(text) ? undefined : text;
    const cuts = commentCuts(text);
    const hide = (node: unknown): void => {
      if (isAlias(node)) hide(node.resolve(document));
      else if (isSeq(node)) node.items.forEach(hide);
      else if (isScalar(node) && node.range) {
        const [from, to] = node.range;
        // A block of text ends with its line.
        const by = text.slice(from, to).endsWith('\n') ? `${BLANK}\n` : BLANK;
        if (to > from) cuts.push({ from, to, by });
      }
    };
    visit(document, {
      // A mapping is no value: an interface may be called `private`.
      Pair: (_, { key, value }) => {
        if (isScalar(key) && isSecretName(String(key.value))) hide(value);
      },
      Scalar: (_, node) => {
        if (typeof node.value === 'string' && looksSecret(node.value)) hide(node);
      },
    });
    return cut(text, cuts);
  } catch {
    // Too deep, or an alias of itself: netplan takes no such file either.
    return undefined;
  }
}

/** Comments from the first on that seems to hold a secret: what is commented out may go over several lines. */
function commentCuts(text: string): Cut[] {
  const cuts: Cut[] = [];
  let offset = 0;
  let scalar = false;
  for (const token of new Lexer().lex(text)) {
    const type = scalar ? 'scalar' : CST.tokenType(token);
    // Marks of the lexer's own, which are not in the text.
    const mark = token === CST.SCALAR || token === CST.DOCUMENT || token === CST.FLOW_END;
    if (mark && !scalar) {
      scalar = token === CST.SCALAR;
      continue;
    }
    scalar = false;
    const to = offset + token.length;
    if (type === 'comment' && (cuts.length > 0 || looksSecret(token.replaceAll('#', ' ')))) {
      cuts.push({ from: offset, to, by: '#' });
    }
    offset = to;
  }
  return cuts;
}

function cut(text: string, cuts: readonly Cut[]): string {
  let result = '';
  let at = 0;
  for (const { from, to, by } of [...cuts].sort((a, b) => a.from - b.from || b.to - a.to)) {
    // Inside what is already left out.
    if (from < at) continue;
    result += text.slice(at, from) + by;
    at = to;
  }
  return result + text.slice(at);
}
