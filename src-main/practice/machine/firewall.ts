import { Buffer } from 'node:buffer';
import { inNetwork } from './ip-values';
import type { RootFiles } from './root-files';

/** A rule as ufw keeps it in the `### tuple ###` lines of its files. */
export interface Rule {
  readonly action: 'allow' | 'deny' | 'reject' | 'limit';
  readonly protocol: 'any' | 'tcp' | 'udp';
  /** `any` or a port number. */
  readonly port: string;
  readonly to: string;
  readonly from: string;
  /** `in` or `in_IFACE`. */
  readonly direction: string;
  readonly comment: string;
}

const paths = { inet: '/etc/ufw/user.rules', inet6: '/etc/ufw/user6.rules' } as const;
export const everywhere = { inet: '0.0.0.0/0', inet6: '::/0' } as const;
type Family = keyof typeof paths;

/** ufw: its files are the truth, as they are for the real one. */
export class Firewall {
  constructor(private readonly files: RootFiles) {}

  get active(): boolean {
    return /^ENABLED=yes$/m.test(this.files.read('/etc/ufw/ufw.conf') ?? '');
  }

  setActive(on: boolean): void {
    const before = this.files.read('/etc/ufw/ufw.conf') ?? '';
    this.files.write('/etc/ufw/ufw.conf', before.replace(/^ENABLED=.*$/m, `ENABLED=${on ? 'yes' : 'no'}`));
  }

  rules(family: Family): Rule[] {
    return (this.files.read(paths[family]) ?? '').split('\n').flatMap((line) => parseTuple(line) ?? []);
  }

  /** @returns false when the same rule was there */
  add(family: Family, rule: Rule): boolean {
    const rules = this.rules(family);
    const same = rules.findIndex((one) => sameRule(one, rule));
    if (same >= 0 && rules[same]?.comment === rule.comment) return false;
    if (same >= 0) rules[same] = rule;
    else rules.push(rule);
    this.#write(family, rules);
    return true;
  }

  /** @returns whether there was such a rule */
  remove(family: Family, rule: Rule): boolean {
    const rules = this.rules(family);
    const left = rules.filter((one) => !sameRule(one, rule));
    if (left.length === rules.length) return false;
    this.#write(family, left);
    return true;
  }

  /** Whether a new connection to a port of this machine gets in. */
  admits({ port, dev, from }: { port: number; dev: string; from: string }): boolean {
    if (!this.active || dev === 'lo') return true;
    const family = from.includes(':') ? 'inet6' : 'inet';
    const rule = this.rules(family).find(
      (one) =>
        (one.direction === 'in' || one.direction === `in_${dev}`) &&
        (one.port === 'any' || one.port === String(port)) &&
        one.protocol !== 'udp' &&
        inNetwork(from, one.from.includes('/') ? one.from : `${one.from}/${family === 'inet' ? 32 : 128}`),
    );
    return rule !== undefined && (rule.action === 'allow' || rule.action === 'limit');
  }

  #write(family: Family, rules: readonly Rule[]): void {
    this.files.write(paths[family], rulesFile(family, rules));
  }
}

function sameRule(a: Rule, b: Rule): boolean {
  return (['action', 'protocol', 'port', 'to', 'from', 'direction'] as const).every(
    (key) => a[key] === b[key],
  );
}

function parseTuple(line: string): Rule | null {
  const found =
    /^### tuple ### (allow|deny|reject|limit) (any|tcp|udp) (\S+) (\S+) any (\S+) (in\S*)(?: comment=([0-9a-f]*))?$/.exec(
      line,
    );
  if (found === null) return null;
  const [, action, protocol, port = '', to = '', from = '', direction = '', comment = ''] = found;
  const text = Buffer.from(comment, 'hex').toString('utf8');
  return {
    action: action as Rule['action'],
    protocol: protocol as Rule['protocol'],
    port,
    to,
    from,
    direction,
    comment: text,
  };
}

/** The whole file, in ufw's own form. */
export function rulesFile(family: Family, rules: readonly Rule[]): string {
  const chain = family === 'inet' ? 'ufw-user' : 'ufw6-user';
  const lines = rules.flatMap((rule) => [
    `### tuple ### ${rule.action} ${rule.protocol} ${rule.port} ${rule.to} any ${rule.from} ${rule.direction}` +
      (rule.comment === '' ? '' : ` comment=${Buffer.from(rule.comment, 'utf8').toString('hex')}`),
    ...iptablesLines(rule, family, chain),
    '',
  ]);
  return [
    '*filter',
    ...[
      'input',
      'output',
      'forward',
      'before-logging-input',
      'before-logging-output',
      'before-logging-forward',
    ].map((name) => `:${chain}-${name} - [0:0]`),
    ...['user-logging-input', 'user-logging-output', 'user-logging-forward', 'after-logging-input'].map(
      (name) => `:${chain.replace('-user', '')}-${name} - [0:0]`,
    ),
    `:${chain}-limit - [0:0]`,
    `:${chain}-limit-accept - [0:0]`,
    '### RULES ###',
    '',
    ...lines,
    '### END RULES ###',
    '',
    '### LOGGING ###',
    '### END LOGGING ###',
    'COMMIT',
    '',
  ].join('\n');
}

function iptablesLines(rule: Rule, family: Family, chain: string): string[] {
  const dev = rule.direction.split('_').slice(1).join('_');
  const target = { allow: 'ACCEPT', limit: `${chain}-limit`, deny: 'DROP', reject: 'REJECT' }[rule.action];
  const protocols = rule.port !== 'any' && rule.protocol === 'any' ? ['tcp', 'udp'] : [rule.protocol];
  return protocols.map((protocol) =>
    [
      `-A ${chain}-input`,
      ...(dev === '' ? [] : [`-i ${dev}`]),
      ...(protocol === 'any' ? [] : [`-p ${protocol}`]),
      ...(rule.from === everywhere[family] ? [] : [`-s ${rule.from}`]),
      ...(rule.port === 'any' ? [] : [`--dport ${rule.port}`]),
      `-j ${target}`,
    ].join(' '),
  );
}
