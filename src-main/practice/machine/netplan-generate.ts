import type { Interface, Profile } from './interfaces';
import { readNetplan, type NetplanResult } from './netplan';
import type { RootFiles } from './root-files';

const nmFolder = '/run/NetworkManager/system-connections';
const networkdFolder = '/run/systemd/network';

/** What netplan writes for a network manager, by path below the root. */
function backendFile(name: string, profile: Profile): { path: string; text: string } {
  return profile.renderer === 'NetworkManager'
    ? { path: `${nmFolder}/netplan-${name}.nmconnection`, text: keyfile(name, profile) }
    : { path: `${networkdFolder}/10-netplan-${name}.network`, text: unitFile(name, profile) };
}

function keyfile(name: string, profile: Profile): string {
  const { addresses, dhcp4, linkLocal, mtu } = profile;
  const method = dhcp4
    ? 'auto'
    : addresses.length > 0
      ? 'manual'
      : linkLocal.includes('ipv4')
        ? 'link-local'
        : 'disabled';
  return [
    '[connection]',
    `id=netplan-${name}`,
    'type=ethernet',
    `interface-name=${name}`,
    '',
    '[ethernet]',
    'wake-on-lan=0',
    ...(mtu === undefined ? [] : [`mtu=${mtu}`]),
    '',
    '[ipv4]',
    `method=${method}`,
    ...addresses.map((address, index) => `address${index + 1}=${address}`),
    '',
    '[ipv6]',
    linkLocal.includes('ipv6') ? 'method=link-local' : 'method=ignore',
    '',
  ].join('\n');
}

function unitFile(name: string, profile: Profile): string {
  const { addresses, dhcp4, linkLocal, mtu } = profile;
  const automatic = linkLocal.length === 0 ? 'no' : linkLocal.length > 1 ? 'yes' : (linkLocal[0] ?? 'no');
  return [
    '[Match]',
    `Name=${name}`,
    '',
    '[Link]',
    ...(mtu === undefined ? [] : [`MTUBytes=${mtu}`]),
    'RequiredForOnline=no',
    '',
    '[Network]',
    ...(dhcp4 ? ['DHCP=ipv4'] : []),
    `LinkLocalAddressing=${automatic}`,
    ...addresses.map((address) => `Address=${address}`),
    '',
  ].join('\n');
}

/**
 * Writes the backends' files below `root` and takes away those that no longer follow from anything.
 * @throws NetplanError
 */
export function generateNetplan(
  files: RootFiles,
  interfaces: readonly Interface[],
  root = '',
): NetplanResult {
  const result = readNetplan(files, interfaces, root);
  for (const folder of [nmFolder, networkdFolder])
    for (const name of files.list(root + folder))
      if (/^(10-)?netplan-/.test(name)) files.remove(`${root}${folder}/${name}`);
  for (const [name, profile] of result.profiles) {
    const { path, text } = backendFile(name, profile);
    files.write(root + path, text, { mode: path.startsWith(nmFolder) ? 0o600 : 0o640 });
  }
  return result;
}
