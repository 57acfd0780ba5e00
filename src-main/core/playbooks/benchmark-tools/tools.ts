/** Programs that measure, by the Debian package that has them. */
export const packagesOfTools = {
  perftest: ['ib_write_bw', 'ib_write_lat', 'ib_read_lat'],
  iperf3: ['iperf3'],
  'ucx-utils': ['ucx_perftest'],
} as const satisfies Record<string, readonly string[]>;

export type ToolPackage = keyof typeof packagesOfTools;
export const toolPackages = Object.keys(packagesOfTools) as ToolPackage[];
