import { parseDocument } from 'yaml';
import type { Interface, Profile } from './interfaces';
import { parseCidr } from './ip-values';
import type { RootFiles } from './root-files';

const folders = ['/lib/netplan', '/etc/netplan', '/run/netplan'];
type Mapping = Record<string, unknown>;

/** What netplan says of a file that it does not take; its exit status is then 78 (EX_CONFIG). */
export class NetplanError extends Error {
  override readonly name = 'NetplanError';
}

export interface NetplanResult {
  /** All files as one document. */
  readonly merged: Mapping;
  /** By interface name. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** Warnings that netplan prints. */
  readonly warnings: readonly string[];
}

/**
 * Reads netplan's files below `root` as netplan does: of files with one name, the one in /run hides that in /etc and
 * that the one in /lib; the rest is merged in the order of the names.
 * @throws NetplanError
 */
export function readNetplan(files: RootFiles, interfaces: readonly Interface[], root = ''): NetplanResult {
  const byName = new Map<string, string>();
  for (const folder of folders)
    for (const name of files.list(root + folder))
      if (name.endsWith('.yaml')) byName.set(name, `${root}${folder}/${name}`);
  let merged: Mapping = {};
  const warnings: string[] = [];
  for (const [, path] of [...byName].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const mode = files.node(path)?.mode ?? 0;
    if ((mode & 0o077) !== 0 && !path.includes('/lib/'))
      warnings.push(
        `Permissions for ${path} are too open. Netplan configuration should NOT be accessible by others.`,
      );
    merged = merge(merged, network(path, files.read(path) ?? ''));
  }
  return { merged: { network: merged }, profiles: profilesOf(merged, interfaces), warnings };
}

function network(path: string, text: string): Mapping {
  const document = parseDocument(text, { version: '1.1', logLevel: 'silent' });
  const [error] = document.errors;
  if (error) {
    const { line = 1, col = 1 } = error.linePos?.[0] ?? {};
    throw new NetplanError(`${path}:${line}:${col}: Invalid YAML: ${error.message.split('\n')[0] ?? ''}`);
  }
  const top: unknown = document.toJS({ maxAliasCount: 50 });
  if (top === null || top === undefined) return {};
  if (!isMapping(top)) throw new NetplanError(`${path}:1:1: Error in network definition: expected mapping`);
  const found = top['network'] ?? {};
  if (!isMapping(found)) throw new NetplanError(`${path}:1:1: Error in network definition: expected mapping`);
  check(path, text, found);
  return found;
}

/** The faults that people make: an unknown key, a broken address, another renderer than there is. */
function check(path: string, text: string, found: Mapping): void {
  const complain = (what: string, near: string): never => {
    const at = text.split('\n').findIndex((line) => line.includes(near));
    throw new NetplanError(`${path}:${at + 1}:1: Error in network definition: ${what}`);
  };
  for (const [key, value] of Object.entries(found)) {
    if (key === 'version' || key === 'renderer') {
      if (key === 'renderer' && !isRenderer(value))
        complain(`unknown renderer '${String(value)}'`, 'renderer');
      continue;
    }
    if (!sections.has(key)) complain(`unknown key '${key}'`, key);
    for (const [id, definition] of Object.entries(isMapping(value) ? value : {})) {
      if (!isMapping(definition)) continue;
      for (const address of addressesOf(definition))
        if (parseCidr(address) === undefined || !address.includes('/'))
          complain(`malformed address '${address}', must be X.X.X.X/NN or X:X:X:X:X:X:X:X/NN`, address);
      if (key === 'ethernets')
        for (const name of Object.keys(definition))
          if (!keys.has(name)) complain(`unknown key '${name}'`, name);
      const { renderer } = definition;
      if (renderer !== undefined && !isRenderer(renderer)) complain(`unknown renderer in ${id}`, 'renderer');
    }
  }
}

const sections = new Set('ethernets wifis bridges bonds vlans tunnels dummy-devices vrfs modems'.split(' '));
const keys = new Set(
  (
    'renderer match set-name wakeonlan optional optional-addresses dhcp4 dhcp6 dhcp4-overrides dhcp6-overrides ' +
    'addresses gateway4 gateway6 nameservers routes routing-policy link-local mtu macaddress accept-ra critical ' +
    'ignore-carrier dhcp-identifier ipv6-privacy activation-mode emit-lldp virtual-function-count'
  ).split(' '),
);

function isRenderer(value: unknown): value is Profile['renderer'] {
  return value === 'NetworkManager' || value === 'networkd';
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Mappings are merged, lists are joined, anything else is replaced. */
function merge(into: Mapping, from: Mapping): Mapping {
  const result = { ...into };
  for (const [key, value] of Object.entries(from)) {
    const present = result[key];
    if (isMapping(present) && isMapping(value)) result[key] = merge(present, value);
    else if (Array.isArray(present) && Array.isArray(value))
      result[key] = [...new Set([...(present as unknown[]), ...(value as unknown[])])];
    else result[key] = value;
  }
  return result;
}

function addressesOf(definition: Mapping): string[] {
  const list = definition['addresses'];
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).flatMap((entry) => {
    if (typeof entry === 'string') return [entry];
    return isMapping(entry) ? Object.keys(entry).slice(0, 1) : [];
  });
}

function profilesOf(merged: Mapping, interfaces: readonly Interface[]): Map<string, Profile> {
  const everybody = isRenderer(merged['renderer']) ? merged['renderer'] : 'networkd';
  const profiles = new Map<string, Profile>();
  const ethernets = merged['ethernets'];
  for (const [id, definition] of Object.entries(isMapping(ethernets) ? ethernets : {})) {
    if (!isMapping(definition)) continue;
    const renderer = isRenderer(definition['renderer']) ? definition['renderer'] : everybody;
    for (const port of interfaces.filter((one) => applies(id, definition, one)))
      profiles.set(port.name, profileOf(definition, renderer));
  }
  return profiles;
}

function applies(id: string, definition: Mapping, port: Interface): boolean {
  if (port.kind !== 'cx7' && port.kind !== 'rj45') return false;
  const match = definition['match'];
  if (!isMapping(match)) return id === port.name;
  const { name, macaddress, driver } = match;
  const patterns = (value: unknown) => (Array.isArray(value) ? value : [value]).map(String);
  if (name !== undefined && !patterns(name).some((one) => glob(one, port.name))) return false;
  if (typeof macaddress === 'string' && macaddress.toLowerCase() !== port.mac) return false;
  const own = port.kind === 'cx7' ? 'mlx5_core' : 'r8127';
  return driver === undefined || patterns(driver).some((one) => glob(one, own));
}

function glob(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\[\]]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}

function profileOf(definition: Mapping, renderer: Profile['renderer']): Profile {
  const linkLocal = definition['link-local'];
  const { mtu } = definition;
  return {
    renderer,
    netplan: true,
    addresses: addressesOf(definition),
    dhcp4: definition['dhcp4'] === true,
    linkLocal: Array.isArray(linkLocal) ? linkLocal.map(String) : ['ipv6'],
    mtu: typeof mtu === 'number' ? mtu : undefined,
    gateway: gatewayOf(definition),
  };
}

function gatewayOf(definition: Mapping): string | undefined {
  const { gateway4, routes } = definition;
  if (typeof gateway4 === 'string') return gateway4;
  const found = (Array.isArray(routes) ? (routes as unknown[]) : []).find(
    (route) => isMapping(route) && (route['to'] === 'default' || route['to'] === '0.0.0.0/0'),
  );
  return isMapping(found) && typeof found['via'] === 'string' ? found['via'] : undefined;
}
