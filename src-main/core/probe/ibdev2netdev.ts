import { raw } from '../shell/quote';
import { isDeviceName, isInterfaceName, known, linesOf, malformed, parser } from './parsed';
import { section } from './section';

export interface RdmaLine {
  readonly rdma: string;
  readonly rdmaPort: number;
  readonly netdev: string;
  readonly up: boolean;
}

export const ibdev2netdevSection = section('ibdev2netdev', 'ports', 'ibdev2netdev', raw('ibdev2netdev'), {
  maxBytes: 256 * 1024,
});

const LINE = /^\s*(\S{1,64}) +port +(\d{1,3}) +==> +(\S{1,64}) +\((Up|Down)\)$/;

/**
 * `rocep1s0f1 port 1 ==> enp1s0f1np1 (Up)`, a line per RDMA port, in the order of the tool. Lines without an arrow
 * (a prompt, a warning) are passed over; a damaged line, or two that contradict each other, make all unknown.
 */
export const parseIbdev2netdev = parser<RdmaLine[]>((text) => {
  const found = new Map<string, RdmaLine>();
  for (const line of linesOf(text)) {
    if (!line.includes('==>')) continue;
    const [, rdma = '', port = '', netdev = '', state = ''] = LINE.exec(line) ?? [];
    if (!isDeviceName(rdma) || !isInterfaceName(netdev)) return malformed('a line is damaged');
    const entry = { rdma, rdmaPort: Number(port), netdev, up: state === 'Up' };
    const before = found.get(`${rdma}/${port}`);
    if (before !== undefined && (before.netdev !== netdev || before.up !== entry.up)) {
      return malformed(`${rdma} is listed twice, differently`);
    }
    found.set(`${rdma}/${port}`, entry);
  }
  return found.size === 0 ? malformed('no line of ibdev2netdev') : known([...found.values()]);
});
