/** The four interfaces of a Spark's ConnectX-7: two QSFP ports, each of them two halves on a PCIe function of its own. */
export interface CxFunction {
  readonly netdev: string;
  readonly rdma: string;
  readonly slot: string;
  readonly port: 0 | 1;
  readonly half: 'a' | 'b';
  /** Added to the adapter's first hardware address. */
  readonly offset: number;
}

export const cxFunctions: readonly CxFunction[] = [
  { netdev: 'enp1s0f0np0', rdma: 'rocep1s0f0', slot: '0000:01:00.0', port: 0, half: 'a', offset: 0 },
  { netdev: 'enp1s0f1np1', rdma: 'rocep1s0f1', slot: '0000:01:00.1', port: 1, half: 'a', offset: 1 },
  { netdev: 'enP2p1s0f0np0', rdma: 'roceP2p1s0f0', slot: '0002:01:00.0', port: 0, half: 'b', offset: 4 },
  { netdev: 'enP2p1s0f1np1', rdma: 'roceP2p1s0f1', slot: '0002:01:00.1', port: 1, half: 'b', offset: 5 },
];

export const managementPort = 'enP7s7';
export const firmware = '28.45.4028';
export const board = 'NVD0000000087';

/** What tells the two machines apart. Names, serials and addresses are made up; 192.0.2.0/24 is for examples (RFC 5737). */
export interface Identity {
  readonly hostname: string;
  readonly machineId: string;
  readonly bootId: string;
  /** First hardware address of the ConnectX-7. */
  readonly cxMac: string;
  readonly managementMac: string;
  readonly dockerMac: string;
  readonly address: string;
  readonly serial: string;
}

export const gateway = '192.0.2.1';

export const identities: readonly [Identity, Identity] = [
  {
    hostname: 'spark-a1f0',
    machineId: '5c9e0e5ad1774a0f8f5b3f1d0a11a1f0',
    bootId: 'd8a9dc2e-66d4-4c1f-9c2f-6f6f0f8f0a11',
    cxMac: '30:c5:99:3e:6a:13',
    managementMac: '30:c5:99:3e:6a:12',
    dockerMac: '02:42:6b:1f:0a:11',
    address: '192.0.2.11',
    serial: 'PRACTICE0001',
  },
  {
    hostname: 'spark-b2e7',
    machineId: '0be1f3fa6b8d4f7cbe3dd5b2c4e7b2e7',
    bootId: '1f3f4d0e-20b1-4e0c-8a57-c0ffeec0b2e7',
    cxMac: '4c:bb:47:2d:1a:16',
    managementMac: '4c:bb:47:2d:1a:15',
    dockerMac: '02:42:9d:4c:b2:e7',
    address: '192.0.2.12',
    serial: 'PRACTICE0002',
  },
];

/** `mac` plus `offset` in its last byte. */
export function macPlus(mac: string, offset: number): string {
  const bytes = mac.split(':');
  const last = (Number.parseInt(bytes.pop() ?? '0', 16) + offset) & 0xff;
  return [...bytes, last.toString(16).padStart(2, '0')].join(':');
}

/** `30c5:9903:003e:6a13`, as RDMA tools write a hardware address. */
export function guidOf(mac: string): string {
  const hex = mac.replaceAll(':', '');
  const guid = `${hex.slice(0, 6)}0300${hex.slice(6)}`;
  return guid.match(/.{4}/g)?.join(':') ?? guid;
}
