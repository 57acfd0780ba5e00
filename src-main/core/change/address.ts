import { z } from 'zod';
import { sameValue } from '../canonical';
import { lines, raw, sh, type Script } from '../shell/quote';
import type { ChangeKind, Procedure, Verdict } from './kind';
import { linkText } from './netplan-judge';
import { interfaceSchema, linkStateSchema, readLinks, type LinkState } from './netplan-link';
import { bringBack, linkFunctions, shownAddresses } from './netplan-link-back';
import { parseLinks } from './netplan-link-parse';
import { addressSchema } from './netplan-spec';
import { malformed, refused } from './values';

const KIND = 'address';

export const addressSpecSchema = z.object({
  interface: interfaceSchema,
  addresses: z.array(addressSchema).min(1).max(16),
  /** Null leaves it as it is. */
  mtu: z.number().int().min(1280).max(9978).nullable(),
  up: z.literal(true),
});
export type AddressSpec = z.infer<typeof addressSpecSchema>;

/**
 * Addresses given by `ip`, gone with the next reboot. A port that NetworkManager manages keeps them until
 * NetworkManager connects or disconnects it, which the state shows as `managed by NetworkManager`.
 */
export const address: ChangeKind<AddressSpec, LinkState> = {
  name: KIND,
  spec: addressSpecSchema,
  state: linkStateSchema,
  read: (spec) => lines(raw('set -eu'), readLinks([spec.interface]), raw('echo end')),
  parse(spec, output) {
    const { links, rest } = parseLinks(KIND, [spec.interface], output);
    const [link] = links;
    if (link === undefined || rest.length !== 1 || rest[0] !== 'end')
      throw malformed(KIND, spec.interface, output);
    return link;
  },
  satisfied,
  forward(spec, prior): Procedure {
    if (!prior.present) throw refused(KIND, spec.interface, 'no-such-interface');
    const { interface: name, mtu } = spec;
    return procedure(
      ...(mtu === null ? [] : [sh`ip link set dev ${name} mtu ${mtu}`]),
      sh`ip link set dev ${name} up`,
      ...spec.addresses.map((one) => sh`ip addr replace ${one} dev ${name}`),
    );
  },
  backward: (_spec, prior) => procedure(linkFunctions, bringBack([prior])),
  achieved: (spec, _prior, now) => satisfied(spec, now),
  judge,
  undone: (_spec, prior, now) => sameValue(prior, now),
  preview: (spec, prior) => [
    { title: spec.interface, before: linkText(prior), after: wantedText(spec, prior) },
  ],
  text: linkText,
};

function procedure(...steps: Script[]): Procedure {
  const script = lines(raw('set -eu\nexport LC_ALL=C\nPATH=$PATH:/usr/sbin:/sbin'), ...steps);
  return { commands: [{ script, root: true }] };
}

function satisfied(spec: AddressSpec, state: LinkState): boolean {
  if (!state.present || !state.up || (spec.mtu !== null && state.mtu !== spec.mtu)) return false;
  const shown = shownAddresses(state);
  return spec.addresses.every((one) => shown.includes(one));
}

/** An address or an MTU that neither was there nor is ours is somebody's: an undo would take it away. */
function judge(spec: AddressSpec, prior: LinkState, _after: LinkState | undefined, now: LinkState): Verdict {
  if (sameValue(prior, now)) return 'prior';
  if (!prior.present || !now.present) return 'foreign';
  const ours = [...spec.addresses, ...shownAddresses(prior)];
  const strange = shownAddresses(now).some((one) => !ours.includes(one));
  return strange || (now.mtu !== prior.mtu && now.mtu !== spec.mtu) ? 'foreign' : 'ours';
}

function wantedText(spec: AddressSpec, prior: LinkState): string {
  if (!prior.present) return linkText(prior);
  const added = spec.addresses.filter((one) => !shownAddresses(prior).includes(one));
  const after = { ...prior, up: true, mtu: spec.mtu ?? prior.mtu, addresses: [...prior.addresses, ...added] };
  return `${linkText(after)}\n(until the next reboot)`;
}
