import { sh, type Script } from '../shell/quote';

/**
 * Prints the RoCE v2 GIDs of RDMA devices, a line `gid DEVICE INDEX GID` each; nothing for what cannot be read. The files
 * of unused indexes are there and cannot be read, hence no complaint about them.
 */
export function gidScript(devices: readonly string[]): Script {
  return sh`for device in ${devices}; do
  for type in "/sys/class/infiniband/$device/ports/1/gid_attrs/types/"*; do
    [ "$(cat "$type" 2>/dev/null)" = 'RoCE v2' ] || continue
    index=\${type##*/}
    gid=$(cat "/sys/class/infiniband/$device/ports/1/gids/$index" 2>/dev/null) || continue
    printf 'gid %s %s %s\\n' "$device" "$index" "$gid"
  done
done`;
}

/** Index of the GID that a device has for an IPv4 address, by device, from what {@link gidScript} printed. */
export function parseGids(
  output: string,
  links: readonly { readonly device: string; readonly address: string }[],
): Record<string, number> {
  const found: Record<string, number> = {};
  for (const line of output.split('\n')) {
    const [, device = '', index = '', gid = ''] =
      /^gid (\S{1,64}) (\d{1,3}) ([0-9a-f:]{39})$/.exec(line) ?? [];
    const link = links.find((one) => one.device === device);
    if (link !== undefined && gid === mapped(link.address)) found[device] ??= Number(index);
  }
  return found;
}

/** An IPv4 address as the kernel prints it as a GID: `0000:0000:0000:0000:0000:ffff:c0a8:640a`. */
function mapped(address: string): string {
  const parts = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `${'0000:'.repeat(5)}ffff:${parts.slice(0, 2).join('')}:${parts.slice(2).join('')}`;
}
