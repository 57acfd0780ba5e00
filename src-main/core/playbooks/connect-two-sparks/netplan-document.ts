/** One port in the document that we write. */
export interface DocumentPort {
  readonly name: string;
  /** CIDR; empty where the port makes its own (`linkLocal`). */
  readonly addresses: readonly string[];
  /** `none`: no automatic address at all. `ipv4`: a 169.254 address that the port picks itself. */
  readonly linkLocal: 'none' | 'ipv4';
  readonly mtu: number | null;
}

/** First line of every document that Twinspark writes: by it, a later run knows its own file. */
export const signature = '# Written by Twinspark: addresses for the cable between two DGX Sparks.';

const header = [
  signature,
  '# Take it back with `twinspark rollback`, or delete this file and run `sudo netplan apply`.',
];

/** A port that the document names may be absent (the network chip leaves the bus without a cable): boot must not wait for it. */
function portLines(port: DocumentPort, renderer: string | null): string[] {
  const lines = [`    ${port.name}:`];
  // For this port only: a global renderer would also move interfaces of other files.
  if (renderer !== null) lines.push(`      renderer: ${renderer}`);
  lines.push('      optional: true', '      dhcp4: no', '      dhcp6: no');
  lines.push(port.linkLocal === 'ipv4' ? '      link-local: [ipv4]' : '      link-local: []');
  if (port.mtu !== null) lines.push(`      mtu: ${port.mtu}`);
  if (port.addresses.length > 0) {
    lines.push('      addresses:', ...port.addresses.map((address) => `        - ${address}`));
  }
  return lines;
}

/** The netplan document for `ports`, the same text for the same wish. `renderer` is the one that the node's own files name. */
export function netplanDocument(
  ports: readonly DocumentPort[],
  renderer: 'networkd' | 'NetworkManager' | null,
): string {
  return [
    ...header,
    'network:',
    '  version: 2',
    '  ethernets:',
    ...ports.flatMap((port) => portLines(port, renderer)),
    '',
  ].join('\n');
}
