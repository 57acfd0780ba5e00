import { everywhere, type Rule } from '../machine/firewall';
import { networkOf, parseCidr } from '../machine/ip-values';
import { fail, program, type Call } from './support';

const actions = ['allow', 'deny', 'reject', 'limit'] as const;
const services: Readonly<Record<string, string>> = {
  ssh: '22/tcp',
  openssh: '22/tcp',
  http: '80/tcp',
  https: '443/tcp',
};

type Families = ('inet' | 'inet6')[];

/** The rule that words describe: `allow [in] [on IF] [from A] [to any] [port P] [proto X] [comment C]`, or `allow 22/tcp`. */
function ruleOf(words: readonly string[]): { rule: (family: 'inet' | 'inet6') => Rule; families: Families } {
  const [verb, ...rest] = words;
  const action = actions.find((one) => one === verb) ?? fail(`ERROR: Invalid syntax`);
  let [dev, from, port, protocol, comment] = ['', 'any', 'any', 'any', ''];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    const next = () => rest[++at] ?? fail('ERROR: Invalid syntax');
    if (word === 'in') continue;
    if (word === 'on') dev = next();
    else if (word === 'from') from = next();
    else if (word === 'to') next();
    else if (word === 'port') port = next();
    else if (word === 'proto') protocol = next();
    else if (word === 'comment') comment = next();
    else {
      const [, number = '', kind = 'any'] =
        /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(services[word.toLowerCase()] ?? word) ??
        fail(`ERROR: Could not find a profile matching '${word}'`);
      [port, protocol] = [number, kind];
    }
  }
  if (protocol !== 'any' && protocol !== 'tcp' && protocol !== 'udp') fail('ERROR: Unsupported protocol');
  if (comment.includes("'")) fail('ERROR: Comment may not contain "\'"');
  const cidr = from === 'any' ? undefined : (parseCidr(from) ?? fail('ERROR: Bad source address'));
  const whole = cidr?.prefix === (cidr?.family === 'inet' ? 32 : 128);
  const source = cidr && (whole ? cidr.address : networkOf(cidr.address, cidr.prefix));
  const direction = dev === '' ? 'in' : `in_${dev}`;
  return {
    families: cidr === undefined ? ['inet', 'inet6'] : [cidr.family],
    rule: (family) => ({
      action,
      protocol,
      port,
      to: everywhere[family],
      from: source ?? everywhere[family],
      direction,
      comment,
    }),
  };
}

export const ufw = program('ufw', (call) => {
  if (!call.caller.root) fail('ERROR: You need to be root to run this script');
  const words = call.args.filter((word) => word !== '--force');
  const [verb = '', ...rest] = words;
  const { firewall } = call.machine;
  switch (verb) {
    case 'status':
      return status(call, rest[0] ?? '');
    case 'enable':
      firewall.setActive(true);
      return 'Firewall is active and enabled on system startup\n';
    case 'disable':
      firewall.setActive(false);
      return 'Firewall stopped and disabled on system startup\n';
    case 'reload':
      return firewall.active ? 'Firewall reloaded\n' : 'Firewall not enabled (skipping reload)\n';
    case 'version':
      return 'ufw 0.36.2\nCopyright 2008-2023 Canonical Ltd.\n';
    case 'delete':
      return remove(call, rest);
    default:
      return add(call, words);
  }
});

function add(call: Call, words: readonly string[]): string {
  const { firewall } = call.machine;
  const { rule, families } = ruleOf(words);
  return families
    .map((family) => {
      const suffix = family === 'inet6' ? ' (v6)' : '';
      if (!firewall.add(family, rule(family))) return `Skipping adding existing rule${suffix}\n`;
      return `${firewall.active ? 'Rule added' : 'Rules updated'}${suffix}\n`;
    })
    .join('');
}

function remove(call: Call, words: readonly string[]): string {
  const { firewall } = call.machine;
  const number = /^\d+$/.test(words[0] ?? '') && words.length === 1 ? Number(words[0]) : undefined;
  if (number !== undefined) {
    const found = listed(call)[number - 1] ?? fail(`ERROR: Could not find rule '${number}'`);
    firewall.remove(found.family, found.rule);
    return 'Rule deleted\n';
  }
  const { rule, families } = ruleOf(words);
  return families
    .map((family) => {
      const suffix = family === 'inet6' ? ' (v6)' : '';
      if (!firewall.remove(family, rule(family))) return `Could not delete non-existent rule${suffix}\n`;
      return `${firewall.active ? 'Rule deleted' : 'Rules updated'}${suffix}\n`;
    })
    .join('');
}

function listed(call: Call): { family: 'inet' | 'inet6'; rule: Rule }[] {
  return (['inet', 'inet6'] as const).flatMap((family) =>
    call.machine.firewall.rules(family).map((rule) => ({ family, rule })),
  );
}

function status(call: Call, how: string): string {
  const { firewall } = call.machine;
  if (!firewall.active) return 'Status: inactive\n';
  const rows = listed(call).map(({ family, rule }, index) => {
    const six = family === 'inet6' ? ' (v6)' : '';
    const dev = rule.direction.includes('_') ? ` on ${rule.direction.slice(3)}` : '';
    const port =
      rule.port === 'any' ? 'Anywhere' : `${rule.port}${rule.protocol === 'any' ? '' : `/${rule.protocol}`}`;
    const from = rule.from === everywhere[family] ? `Anywhere${six}` : rule.from;
    const number = how === 'numbered' ? `[${String(index + 1).padStart(2)}] ` : '';
    const action = `${rule.action.toUpperCase()}${how === '' ? '' : ' IN'}`;
    const comment = rule.comment === '' ? '' : `# ${rule.comment}`;
    return `${number}${`${port}${six}${dev}`.padEnd(26)} ${action.padEnd(11)} ${from.padEnd(27)}${comment}`.trimEnd();
  });
  const verbose =
    how === 'verbose'
      ? 'Logging: on (low)\nDefault: deny (incoming), allow (outgoing), disabled (routed)\nNew profiles: skip\n'
      : '';
  if (rows.length === 0) return `Status: active\n${verbose}`;
  const indent = how === 'numbered' ? '     ' : '';
  const head = `${indent}${'To'.padEnd(26)} ${'Action'.padEnd(11)} From\n${indent}${'--'.padEnd(26)} ${'------'.padEnd(11)} ----`;
  return `Status: active\n${verbose}\n${head}\n${rows.join('\n')}\n\n`;
}
