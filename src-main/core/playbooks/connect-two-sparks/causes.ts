import { message, type Message } from '../../../contract/message';

/** What a failed measurement looks like; {@link explain} finds what may lie behind it. */
export type Symptom =
  | 'no-nic'
  | 'no-carrier'
  | 'half-missing'
  | 'no-answer'
  | 'slow-link'
  | 'low-throughput'
  | 'ping-lost'
  | 'address-missing'
  | 'mtu-differs'
  | 'ssh-failed'
  | 'wrong-machine';

/** Whom it happened to. Every text of the table may name these. */
export interface Sufferer {
  readonly node: string;
  readonly peer: string;
  readonly port: string;
  readonly user: string;
}

export interface Explanation {
  /** The texts are `connect.cause.ID` and `connect.cause.ID.remedy`. */
  readonly id: string;
  readonly symptoms: readonly Symptom[];
  /** Only where the output says so; an explanation without it always counts, after those that match. */
  readonly says?: RegExp;
}

/**
 * The troubleshooting table: NVIDIA's own three rows (connect-two-sparks playbook, all editions: network unreachable, SSH
 * authentication, node 2 not visible) taken apart into their causes, and what owners of pairs have met since. Most likely
 * first among equals.
 */
export const explanations: readonly Explanation[] = [
  { id: 'cable-unseated', symptoms: ['no-carrier', 'no-nic'] },
  { id: 'hotplug-left', symptoms: ['no-nic', 'no-carrier'] },
  { id: 'half-lost', symptoms: ['half-missing'] },
  { id: 'replug-state', symptoms: ['low-throughput', 'no-carrier', 'slow-link'] },
  { id: 'tcp-tuning', symptoms: ['low-throughput'] },
  { id: 'power-message', symptoms: ['low-throughput', 'slow-link'] },
  { id: 'cable-type', symptoms: ['slow-link'] },
  { id: 'elsewhere', symptoms: ['no-answer'] },
  {
    id: 'not-configured',
    symptoms: ['ping-lost', 'ssh-failed'],
    says: /network is unreachable|cannot assign requested address/i,
  },
  { id: 'renderer', symptoms: ['address-missing'] },
  { id: 'network-manager', symptoms: ['address-missing', 'ping-lost'] },
  { id: 'same-subnet', symptoms: ['ping-lost'] },
  { id: 'firewall', symptoms: ['ping-lost'], says: /operation not permitted|prohibited/i },
  { id: 'firewall', symptoms: ['ssh-failed'], says: /timed out|refused/i },
  { id: 'cable-lost', symptoms: ['ping-lost'] },
  { id: 'docker-bridge', symptoms: ['wrong-machine', 'ping-lost'], says: /172\.17\.|wrong machine/i },
  { id: 'switch-mtu', symptoms: ['mtu-differs'] },
  { id: 'switch-mtu', symptoms: ['ping-lost'], says: /mtu|message too long|frag/i },
  {
    id: 'host-key',
    symptoms: ['ssh-failed'],
    says: /host key verification failed|remote host identification has changed|no .* host key is known/i,
  },
  { id: 'ssh-modes', symptoms: ['ssh-failed'], says: /permission denied|bad permissions|bad owner/i },
  { id: 'ssh-keys', symptoms: ['ssh-failed'], says: /permission denied/i },
  { id: 'ssh-users', symptoms: ['ssh-failed'], says: /permission denied/i },
  { id: 'ssh-passphrase', symptoms: ['ssh-failed'], says: /permission denied|passphrase/i },
  { id: 'ssh-include', symptoms: ['ssh-failed'], says: /could not resolve|permission denied/i },
  {
    id: 'ssh-config-broken',
    symptoms: ['ssh-failed'],
    says: /bad configuration option|terminating, \d+ bad|bad owner or permissions on .*config/i,
  },
  { id: 'sshd-down', symptoms: ['ssh-failed'], says: /refused/i },
  { id: 'ssh-unreachable', symptoms: ['ssh-failed'], says: /timed out|no route|unreachable/i },
  { id: 'cloned-name', symptoms: ['wrong-machine'] },
];

/** What is said where nothing of the table fits: no failure goes without a next step. */
const unexplained = 'unexplained';

/** Causes of a symptom with their remedies, those first whose pattern the output matches; never none, at most `limit`. */
export function explain(
  symptom: Symptom,
  who: Sufferer,
  output = '',
  limit = 4,
): { cause: Message; remedy: Message }[] {
  const fitting = explanations.filter((entry) => entry.symptoms.includes(symptom));
  const told = fitting.filter((entry) => entry.says?.test(output) === true);
  const always = fitting.filter((entry) => entry.says === undefined);
  const ids = [...new Set([...told, ...always].map((entry) => entry.id))].slice(0, limit);
  return (ids.length > 0 ? ids : [unexplained]).map((id) => ({
    cause: message(`connect.cause.${id}`, { ...who }),
    remedy: message(`connect.cause.${id}.remedy`, { ...who }),
  }));
}

/** Several lists of causes as one, each cause once. */
export function mergeCauses(
  ...lists: readonly (readonly { cause: Message; remedy: Message }[])[]
): { cause: Message; remedy: Message }[] {
  const seen = new Map<string, { cause: Message; remedy: Message }>();
  for (const entry of lists.flat()) if (!seen.has(entry.cause.code)) seen.set(entry.cause.code, entry);
  return [...seen.values()];
}
