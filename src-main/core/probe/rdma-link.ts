import { isDeviceName, isInterfaceName, known, linesOf, malformed, parser } from './parsed';

export interface RdmaLink {
  readonly rdma: string;
  readonly port: number;
  /** `ACTIVE`, `DOWN`, `INIT`… */
  readonly state: string;
  /** `LINK_UP`, `DISABLED`, `POLLING`…: may say LINK_UP of a port that is not active. */
  readonly physicalState: string;
  /** Null for a device without a network interface. */
  readonly netdev: string | null;
}

/** `rdma link [show]` of iproute2; older ones put a colon behind the device, or numbers in front of it. */
export const parseRdmaLink = parser<RdmaLink[]>((text) => {
  const links: RdmaLink[] = [];
  for (const line of linesOf(text)) {
    const [, rdma, port, state = '', physicalState = '', rest = ''] =
      /^(?:link |\d{1,5}\/\d{1,5}: )([\w.-]{1,63})\/(\d{1,3}):? (?:subnet_prefix \S{1,64} )?(?:lid \d{1,6} )?(?:sm_lid \d{1,6} )?(?:lmc \d{1,3} )?state ([A-Z_]{1,24}) physical_state ([A-Z_]{1,32})(?: (.{0,120}))?$/.exec(
        line,
      ) ?? [];
    if (rdma === undefined) {
      if (/^(?:link |\d{1,5}\/)/.test(line)) return malformed('a link line is damaged');
      continue;
    }
    const netdev = /(?:^| )netdev (\S+)/.exec(rest)?.[1] ?? null;
    if (!isDeviceName(rdma) || (netdev !== null && !isInterfaceName(netdev))) {
      return malformed('a device or interface name is not valid');
    }
    links.push({ rdma, port: Number(port), state, physicalState, netdev });
  }
  return links.length === 0 ? malformed('no RDMA link') : known(links);
});
