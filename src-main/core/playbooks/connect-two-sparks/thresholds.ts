/**
 * What a healthy pair shows on a direct cable, from measurements that owners have printed. Data, to be changed as the
 * field changes.
 */
export const healthy = {
  /** What a port claims when all is well, Mb/s. */
  speedMbps: 200_000,
  /** One iperf3 stream over one half, Gb/s. Below `suspicious` lies the state that a live replug can leave behind. */
  iperf3OneStream: { usual: 34, suspicious: 15 },
  /** Four and more streams over one half. */
  iperf3FourStreams: { usual: 93, suspicious: 25 },
} as const;

/** Kernel driver of a real ConnectX: other network cards are measured and not judged. */
export const judgedDriver = 'mlx5_core';
