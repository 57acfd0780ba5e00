import { raw } from '../shell/quote';
import { known, linesOf, malformed, parser, printable } from './parsed';
import { EXIT_NOT_PERMITTED, section } from './section';

export interface Firewall {
  readonly active: boolean;
  readonly rules: string[];
}

/**
 * `ufw status`; a node without ufw is known to have it inactive. ufw is Python and takes a tenth of a second, so its
 * own test (is its chain loaded?) comes first.
 */
export const ufwSection = section(
  'ufw',
  'firewall',
  'ufw status',
  raw(
    [
      'command -v ufw >/dev/null || { echo "Status: inactive"; exit 0; }',
      `[ "$(id -u)" = 0 ] || exit ${EXIT_NOT_PERMITTED}`,
      'if command -v iptables >/dev/null; then',
      '  iptables -w 1 -n -L ufw-user-input >/dev/null 2>&1',
      '  [ $? != 1 ] || { echo "Status: inactive"; exit 0; }',
      'fi',
      'ufw status',
    ].join('\n'),
  ),
);

/** `ufw status` or `ufw status numbered`; a rule is its line with single spaces. */
export const parseUfw = parser<Firewall>((text) => {
  const lines = linesOf(text);
  const status = lines.flatMap((line) => /^Status: (active|inactive)$/.exec(line)?.[1] ?? []);
  if (status.length === 0) return malformed('no status');
  if (new Set(status).size > 1) return malformed('two different answers');
  const active = status[0] === 'active';
  const header = lines.findIndex((line) => /^\s*--[ -]*$/.test(line));
  const rows = header < 0 ? [] : lines.slice(header + 1);
  const rules = rows.filter((line) => /\b(ALLOW|DENY|REJECT|LIMIT)\b/.test(line));
  return known({ active, rules: active ? rules.map((line) => printable(line, 200)) : [] });
});
