import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { sameValue as same } from '../canonical';
import type { Command } from '../ports';
import { lines, raw, sh, type Script } from '../shell/quote';
import { entryFunction, entrySchema, parseEntry, type Entry } from './entry';
import type { ChangeKind, Scope } from './kind';
import { prelude, replaceFile } from './scripts';
import { malformed, sha256 } from './values';

const specSchema = z.object({
  interface: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/),
  /** Peer or network that may come in; null for everybody on that interface. */
  from: z
    .string()
    .refine((from) => ipaddr.isValid(from) || ipaddr.isValidCIDR(from))
    .nullable(),
  /** ufw itself takes no quote in a comment. */
  comment: z.string().regex(/^[\x20-\x26\x28-\x7e]{1,80}$/),
});
export type FirewallSpec = z.infer<typeof specSchema>;

const stateSchema = z.object({
  ufw: z.enum(['missing', 'inactive', 'active']),
  rules: entrySchema,
  rules6: entrySchema,
});
export type FirewallState = z.infer<typeof stateSchema>;

const files = { rules: '/etc/ufw/user.rules', rules6: '/etc/ufw/user6.rules' } as const;

/** A network without host bits, and one address without a prefix: the form that ufw keeps. */
function network(from: string): { family: 'ipv4' | 'ipv6'; text: string } {
  const [address, bits] = ipaddr.isValidCIDR(from) ? ipaddr.parseCIDR(from) : [ipaddr.parse(from), null];
  const family = address.kind();
  if (bits === null || bits === (family === 'ipv4' ? 32 : 128)) return { family, text: address.toString() };
  const base =
    family === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(from) : ipaddr.IPv6.networkAddressFromCIDR(from);
  return { family, text: `${base.toString()}/${bits}` };
}

/** Beginning of the line that ufw keeps about the rule, by address family. */
function tuple(spec: FirewallSpec, family: 'ipv4' | 'ipv6'): string | null {
  const any = family === 'ipv4' ? '0.0.0.0/0' : '::/0';
  const from = spec.from === null ? { family, text: any } : network(spec.from);
  return from.family === family
    ? `### tuple ### allow any any ${any} any ${from.text} in_${spec.interface}`
    : null;
}

/** The rule's lines in the files, comments included; empty when it is not there. */
function ruleLines(spec: FirewallSpec, state: FirewallState): string[] {
  const lineOf = (entry: Entry, wanted: string | null) =>
    entry.type !== 'file' || wanted === null
      ? []
      : (entry.content ?? '').split('\n').filter((line) => line === wanted || line.startsWith(`${wanted} `));
  return [...lineOf(state.rules, tuple(spec, 'ipv4')), ...lineOf(state.rules6, tuple(spec, 'ipv6'))];
}

function ours(spec: FirewallSpec, line: string): boolean {
  const hex = [...new TextEncoder().encode(spec.comment)].map((byte) => byte.toString(16).padStart(2, '0'));
  return line.endsWith(` comment=${hex.join('')}`);
}

function rule(spec: FirewallSpec): Script {
  const from = spec.from === null ? raw('') : sh` from ${network(spec.from).text}`;
  return sh`allow in on ${spec.interface}${from}`;
}

/** Only the rules of a file, as a hash: what must be the same before its prior bytes are put back. */
function rulesHash(content: string): string {
  const rules = content.split('\n').filter((line) => line.startsWith('### tuple ###'));
  return sha256(rules.map((line) => `${line}\n`).join(''));
}

/** Puts the prior bytes back where ufw wrote the same rules down in another way. */
function restore(path: string, prior: Entry, scope: Scope): Command[] {
  if (prior.type !== 'file' || prior.content === null) return [];
  const put = replaceFile({
    path,
    scope,
    fill: raw('cat >>"$new"'),
    sha256: prior.sha256,
    owner: `${prior.uid}:${prior.gid}`,
    mode: prior.mode,
  });
  const script = sh`${prelude}
rules() { { grep '^### tuple ###' ${path} || :; } | sha256sum | cut -c 1-64; }
if [ "$(seen ${path})" = ${prior.sha256} ] || [ "$(rules)" != ${rulesHash(prior.content)} ]; then
  exit 0
fi
${put}`;
  return [{ script, root: true, input: { kind: 'text', text: prior.content } }];
}

/** A rule of ufw that lets the peer in on one interface. */
export const firewall: ChangeKind<FirewallSpec, FirewallState> = {
  name: 'firewall',
  spec: specSchema,
  state: stateSchema,
  read: () =>
    lines(
      raw('set -eu'),
      entryFunction,
      raw(`if ! command -v ufw >/dev/null; then echo 'ufw missing'
elif ufw status | grep -q '^Status: active'; then echo 'ufw active'
else echo 'ufw inactive'
fi`),
      sh`entry ${files.rules}`,
      sh`entry ${files.rules6}`,
    ),
  parse(_spec, output) {
    const [status = '', first = '', second = ''] = output.split('\n');
    const found = /^ufw (missing|inactive|active)$/.exec(status);
    if (!found) throw malformed('firewall', 'ufw', output);
    return {
      ufw: found[1] as FirewallState['ufw'],
      rules: parseEntry('firewall', files.rules, first),
      rules6: parseEntry('firewall', files.rules6, second),
    };
  },
  /** A firewall that is off lets the peer in already. */
  satisfied: (spec, state) => state.ufw !== 'active' || ruleLines(spec, state).length > 0,
  forward: (spec) => ({
    commands: [{ script: sh`ufw ${rule(spec)} comment ${spec.comment}`, root: true }],
  }),
  backward(spec, prior, now, scope) {
    const remove: Command[] =
      ruleLines(spec, now).length > 0 ? [{ script: sh`ufw --force delete ${rule(spec)}`, root: true }] : [];
    return {
      commands: [
        ...remove,
        ...restore(files.rules, prior.rules, scope),
        ...restore(files.rules6, prior.rules6, scope),
      ],
    };
  },
  achieved: (spec, _prior, now) => ruleLines(spec, now).length > 0,
  judge(spec, prior, _after, now) {
    if (same([prior.rules, prior.rules6], [now.rules, now.rules6])) return 'prior';
    const found = ruleLines(spec, now);
    // The rule is away, or it was there before us: what else differs is others' doing.
    if (found.length === 0 || ruleLines(spec, prior).length > 0) return 'prior';
    return found.every((line) => ours(spec, line)) ? 'ours' : 'foreign';
  },
  undone: (spec, prior, now) => same(ruleLines(spec, prior), ruleLines(spec, now)),
  preview: (spec, prior) => [
    {
      title: 'ufw',
      before: ruleLines(spec, prior).join('\n') || null,
      after: sh`ufw ${rule(spec)} comment ${spec.comment}`.text,
    },
  ],
  text(state) {
    const content = (entry: Entry) => (entry.type === 'file' ? (entry.content ?? '') : '');
    const rules = `${content(state.rules)}\n${content(state.rules6)}`
      .split('\n')
      .filter((line) => line.startsWith('### tuple ###'));
    return [`ufw ${state.ufw}`, ...rules].join('\n');
  },
};
