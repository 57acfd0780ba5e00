import { parse } from 'yaml';
import type { Change } from '../../../../../src-main/core/change/kind';
import { network } from '../../../../../src-main/core/playbooks/connect-two-sparks/network';
import { address, facts, file, port1Links, setup, type Overrides, type Setup } from './builders';

export const path = '/etc/netplan/40-cx7.yaml';

export async function assess(given: Setup) {
  const { context } = setup({ ...given, shared: { links: port1Links(), ...given.shared } });
  const assessment = await network.assess(context);
  return {
    context,
    assessment,
    changes: assessment.status === 'needed' ? assessment.changes : [],
    blockers: assessment.status === 'blocked' ? assessment.blockers : [],
    codes: assessment.notes.map(({ code }) => code.replace('connect.network.', '')),
  };
}

interface NetplanSpec {
  files: { path: string; content: string | null; mode: string }[];
  interfaces: string[];
  seconds: number;
}
export const specOf = (change: Change | undefined) => change?.spec as NetplanSpec;
export const textOf = (change: Change | undefined) => specOf(change).files[0]?.content ?? '';

/** The node after a change was applied: its file is there and the addresses are on the ports. */
export function after(change: Change | undefined, node: 0 | 1, over: Overrides = {}): Overrides {
  const text = textOf(change);
  const { network: document } = parse(text) as {
    network: { ethernets: Record<string, { addresses?: string[] }> };
  };
  const base = facts(node).addresses;
  return {
    netplan: { renderer: null, files: [{ path, file: file(text) }] },
    addresses: [
      ...(base.known ? base.value.filter((entry) => entry.family === 'inet') : []),
      ...Object.entries(document.ethernets).flatMap(([port, { addresses = [] }]) =>
        addresses.map((cidr) => address(port, cidr)),
      ),
    ],
    ...over,
  };
}
