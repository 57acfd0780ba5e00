import { parseAccounts } from './account';
import { parseAvahi } from './avahi';
import { parseCuda } from './cuda';
import { parseDgxRelease } from './dgx-release';
import { parseEthtool } from './ethtool';
import { parseIbdev2netdev } from './ibdev2netdev';
import { parseIbstat } from './ibstat';
import { parseIbvDevinfo } from './ibv-devinfo';
import { parseIpAddresses, parseIpLinks, parseIpRoutes } from './ip-json';
import { parseIpText } from './ip-text';
import { parseKernel } from './kernel';
import { parseLspciLink, parseLspciList } from './lspci';
import { parseMemory } from './memory';
import { parseNetplanYaml } from './netplan-yaml';
import { parseNvidiaSmi } from './nvidia-smi';
import { parseOsRelease } from './os-release';
import { known, malformed, plain, type Parsed } from './parsed';
import { parseRdmaLink } from './rdma-link';
import { parseRateState } from './sysfs';
import { parseUfw } from './ufw';

/** Parsers of printed output by the name of the tool, for `twinspark parse TOOL`. */
export const toolParsers: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
  'avahi-browse': parseAvahi,
  cuda: parseCuda,
  'dgx-release': parseDgxRelease,
  ethtool: parseEthtool,
  getent: parseAccounts,
  ibdev2netdev: parseIbdev2netdev,
  ibstat: parseIbstat,
  ibv_devinfo: parseIbvDevinfo,
  ip: parseIp,
  lspci: (text) => firstKnown(text, [parseLspciLink, parseLspciList]),
  meminfo: parseMemory,
  netplan: parseNetplanYaml,
  'nvidia-smi': parseNvidiaSmi,
  'os-release': parseOsRelease,
  rdma: parseRdmaLink,
  'sysfs-rate-state': parseRateState,
  ufw: parseUfw,
  uname: parseKernel,
};

/** Any of `ip [-j] addr|link|route`. */
function parseIp(text: string): Parsed<unknown> {
  if (!plain(text).trimStart().startsWith('[')) return parseIpText(text);
  if (text.includes('"dst"')) return parseIpRoutes(text);
  const links = parseIpLinks(text);
  const addresses = parseIpAddresses(text);
  if (!links.known) return links;
  return known({ links: links.value, addresses: addresses.known ? addresses.value : [] });
}

function firstKnown(text: string, parsers: ((text: string) => Parsed<unknown>)[]): Parsed<unknown> {
  let last: Parsed<unknown> = malformed('no parser');
  for (const parse of parsers) {
    last = parse(text);
    if (last.known) return last;
  }
  return last;
}
