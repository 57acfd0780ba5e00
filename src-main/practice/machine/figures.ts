/*
 * What transfers reach on a pair, Gb/s and microseconds: what owners of such machines have printed for each state. Change a
 * figure here and nothing else. MTUs are those of the interfaces.
 */

/** Frames from this MTU on carry more. */
export const LONG_FRAMES = 4200;

/** What one PCIe half of the adapter moves, each way. */
export const lanes = {
  /** Gen5 x4, for one port of the half. */
  4: 111.6,
  /** Gen5 x2. */
  2: 50.4,
} as const;
/** Two ports of one half at the same time. */
export const sharedHalf = 105.3;
/** A cable as a whole, each way; the second is the state that a live replug can leave behind. */
export const cable = { healthy: 196.8, slow: 13.1 } as const;
export const office = 9.41;
export const loopback = 58.2;

/** One queue pair, then several, over one half: the halves differ a little. */
export const rdma = {
  a: { one: 92.57, several: 97.61 },
  b: { one: 97.28, several: 98.94 },
  /** With long frames. */
  long: { one: 99.61, several: 108.9 },
} as const;
/** What is left for RDMA and TCP where frames are lost. */
export const lossy = { rdma: 31.4, oneStream: 26.2, manyStreams: 71.3, retransmitsPerSecond: 1840 } as const;

/** Messages that one queue pair gets rid of, millions per second: small ones do not fill a link. */
export const rdmaMessages = 6.4;

/** TCP: what one stream reaches, and what any number of them does over one half. */
export const tcp = {
  usual: { oneStream: 34.6, manyStreams: 95.2 },
  long: { oneStream: 35.1, manyStreams: 103.4 },
} as const;

/** All TCP over one half, of however many tests and streams: with usual frames, and with long ones. */
export const tcpHalf = { usual: 96.4, long: 104.6 } as const;

/** Part of its rate that a direction keeps while the other one is as busy. */
export const bothWays = 0.93;

/** Microseconds for the smallest message, one way for writes and both for reads. */
export const latency = { write: 1.47, read: 2.96, put: 2.11, get: 4.38, tcp: 21.7 } as const;

/** NCCL: part of what both devices carry that becomes bus bandwidth, by the size of the message. */
export const collective: readonly (readonly [bytes: number, part: number])[] = [
  [8, 0.000_02],
  [64 * 1024, 0.09],
  [1024 ** 2, 0.36],
  [16 * 1024 ** 2, 0.66],
  [128 * 1024 ** 2, 0.71],
  [512 * 1024 ** 2, 0.763],
  [1024 ** 3, 0.821],
  [4 * 1024 ** 3, 0.933],
  [16 * 1024 ** 3, 0.952],
];
/** The same over sockets: about 3 GB/s, whatever carries them. */
export const collectiveTcp = 24.1;

/** One message of a size over a link of a rate (Gb/s), microseconds. */
export function messageTime(base: number, bytes: number, gbps: number): number {
  return base + (bytes * 8) / (gbps * 1000);
}

/** Gb/s of messages of a size, where only so many millions of them go per second. */
export function ofSize(most: number, bytes: number, millions: number): number {
  const messages = (millions * 1e6 * bytes * 8) / 1e9;
  return (most ** -3 + messages ** -3) ** (-1 / 3);
}

/** A little more or less than the mean, the same in every run: `step` counts what is measured one after the other. */
export function wobble(seed: string, step: number, spread = 0.004): number {
  let hash = 2_166_136_261 ^ step;
  for (const char of `${seed}/${step}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507) >>> 0;
  return 1 + ((hash ^ (hash >>> 13)) / 2 ** 31 - 1) * spread;
}
