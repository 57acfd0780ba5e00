/** Faults that can be put into the practice pair. Their words are `practice.fault.ID.title` and `.text` of the catalogue. */
export const faultIds = [
  'cable-out',
  'half-out',
  'slow-link',
  'swapped-ports',
  'wrong-password',
  'no-sudo',
  'foreign-netplan',
  'full-disk',
  'sshd-down',
  'host-key-changed',
  'release-differs',
  'clock-off',
  'mtu-mismatch',
] as const;
export type FaultId = (typeof faultIds)[number];
