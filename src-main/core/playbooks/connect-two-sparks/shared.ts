import type { CxPort, Half } from '../../../contract/facts';
import type { Pair } from '../../engine/playbook';

/** One CX-7 half that reaches the other node: node 1's port and node 2's port. */
export interface PortLink {
  /** Half on node 1; null for ports whose names follow another scheme. */
  readonly half: Half | null;
  readonly ports: Pair<CxPort>;
}

/** A link with the addresses that it has, or gets. */
export interface NetworkLink extends PortLink {
  /** CIDR of the link's network; null when nobody knows it beforehand (link-local). */
  readonly subnet: string | null;
  /** Node 1's and node 2's address without prefix; null when they are made by the nodes. */
  readonly addresses: Pair<string> | null;
  /** Whether the stage fails when this link does not answer. */
  readonly required: boolean;
}

export type Method = 'static' | 'link-local' | 'four-addresses' | 'temporary' | 'adopted';

export interface NetworkPlan {
  readonly method: Method;
  /** MTU that both ends get; null leaves it alone. */
  readonly mtu: number | null;
  readonly links: readonly NetworkLink[];
  /** Network of the physical port without a cable, where the method gives it an address as well. */
  readonly spareSubnet?: string;
}

/** The account whose SSH files the playbook works on, on one node. */
export interface WorkAccount {
  readonly name: string;
  readonly home: string;
  /** Group name or number that new files get. */
  readonly group: string;
  /** False while the account is still to be made. */
  readonly exists: boolean;
}

/** What the stages tell each other. Filled while stages are assessed, in their order. */
export interface Shared {
  accounts: Pair<WorkAccount> | undefined;
  links: readonly PortLink[];
  network: NetworkPlan | undefined;
  /** Stages that were found in place: only then is there something for `verify` to measure. */
  readonly settled: Set<string>;
}

export function emptyShared(): Shared {
  return { accounts: undefined, links: [], network: undefined, settled: new Set() };
}
