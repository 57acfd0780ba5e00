import type { Fact, NetRoute, NodeFacts } from '../../contract/facts';
import { accountSection, accountsSection, parseAccount, parseAccounts } from './account';
import { avahiSection, parseAvahi } from './avahi';
import { clockSection, parseClock, parseUptime } from './clock';
import { cudaSection, parseCuda } from './cuda';
import { dgxReleaseSection, parseDgxRelease } from './dgx-release';
import { disksSection, parseDisks } from './disks';
import { ethtoolSection, parseEthtool } from './ethtool';
import { ibdev2netdevSection, parseIbdev2netdev } from './ibdev2netdev';
import {
  ipAddrSection,
  ipRoute6Section,
  ipRouteSection,
  parseIpAddresses,
  parseIpLinks,
  parseIpRoutes,
  parseIpRoutes6,
} from './ip-json';
import { kernelSection, parseHostname, parseKernel } from './kernel';
import { memorySection, parseMemory } from './memory';
import { netplanSection, parseNetplanFiles } from './netplan';
import { gpuSection, parseNvidiaSmi } from './nvidia-smi';
import { osReleaseSection, parseOsRelease } from './os-release';
import { asFact, known, unknown, type Parsed } from './parsed';
import { joinPorts } from './ports';
import { readSection, type Section, type SectionResults } from './section';
import { parseSshFiles, sshSection } from './ssh-files';
import { parseSysfs, sysfsSection } from './sysfs';
import { parseTools, toolsSection } from './tools';
import { parseUfw, ufwSection } from './ufw';

export type Sudo = 'granted' | 'denied' | 'missing';

export interface ProbeScope {
  /** The login account. */
  readonly user: string;
  readonly sshUser: string;
  readonly peers: boolean;
  readonly sudo: Sudo;
}

/** The sections of one probe. */
export function probeSections({ user, sshUser, peers }: ProbeScope) {
  return {
    kernel: kernelSection,
    clock: clockSection,
    release: dgxReleaseSection,
    os: osReleaseSection,
    memory: memorySection,
    disks: disksSection,
    tools: toolsSection,
    account: accountSection(user),
    accounts: accountsSection,
    addr: ipAddrSection,
    route: ipRouteSection,
    route6: ipRoute6Section,
    ibdev2netdev: ibdev2netdevSection,
    sysfs: sysfsSection,
    ethtool: ethtoolSection,
    netplan: netplanSection,
    ssh: sshSection(sshUser),
    gpu: gpuSection,
    cuda: cudaSection,
    ufw: ufwSection,
    ...(peers ? { peers: avahiSection } : {}),
  } satisfies Record<string, Section>;
}

/** The node's facts from what its sections printed. */
export function collectFacts(
  scope: ProbeScope,
  sections: ReturnType<typeof probeSections>,
  results: SectionResults,
): NodeFacts {
  const read = <T>(from: Section, parse: (text: string) => Parsed<T>) => readSection(results, from, parse);
  const links = read(sections.addr, parseIpLinks);
  return {
    hostname: read(sections.kernel, parseHostname),
    release: read(sections.release, parseDgxRelease),
    os: read(sections.os, parseOsRelease),
    kernel: read(sections.kernel, parseKernel),
    uptimeSeconds: read(sections.clock, parseUptime),
    clockMs: read(sections.clock, parseClock),
    account: read(sections.account, parseAccount),
    accounts: read(sections.accounts, parseAccounts),
    sudo: asFact(known(scope.sudo), 'sudo'),
    memory: read(sections.memory, parseMemory),
    disks: readSection(results, sections.disks, parseDisks, { lenient: true }),
    gpus: readSection(results, sections.gpu, parseNvidiaSmi, { lenient: true }),
    cuda: read(sections.cuda, parseCuda),
    ports: joinPorts({
      ibdev2netdev: read(sections.ibdev2netdev, parseIbdev2netdev),
      sysfs: read(sections.sysfs, parseSysfs),
      links,
      ethtool: read(sections.ethtool, parseEthtool),
    }),
    links,
    addresses: read(sections.addr, parseIpAddresses),
    routes: bothFamilies(
      read(sections.route, none(parseIpRoutes)),
      read(sections.route6, none(parseIpRoutes6)),
    ),
    netplan: read(sections.netplan, parseNetplanFiles),
    firewall: read(sections.ufw, parseUfw),
    peers: readPeers(sections.peers, results),
    ssh: read(sections.ssh, parseSshFiles),
    tools: read(sections.tools, parseTools),
  };
}

/** For a command whose silence is an answer: it succeeded and had nothing to list. */
function none<T>(parse: (text: string) => Parsed<T[]>): (text: string) => Parsed<T[]> {
  return (text) => (text.trim() === '' ? known([]) : parse(text));
}

function bothFamilies(four: Fact<NetRoute[]>, six: Fact<NetRoute[]>): Fact<NetRoute[]> {
  if (!four.known) return four;
  return six.known ? { ...four, value: [...four.value, ...six.value] } : six;
}

function readPeers(from: Section | undefined, results: SectionResults): NodeFacts['peers'] {
  if (from === undefined) return asFact(unknown('empty', 'not asked'), avahiSection.source);
  return readSection(results, from, none(parseAvahi));
}
