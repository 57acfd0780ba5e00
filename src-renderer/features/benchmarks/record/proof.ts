import type { BenchConditions, BenchRecord, LinkTraffic } from '../../../api/types';
import { isLatency } from '../charts/bench-series';

/**
 * What a link has to do with a test: it carried it as it should; it stood idle as it should; it was meant and carried
 * nothing; it carried what it should not; its counters could not be read. `light`: the test moves too little to tell.
 */
export type LinkPart = 'carried' | 'idle' | 'missing' | 'stray' | 'unread' | 'light';

export interface ProofRow {
  readonly link: LinkTraffic;
  readonly part: LinkPart;
}

/** What is always on a link: neighbour discovery, keepalives. Bytes. */
const QUIET = 64 * 1024;
/** A link with less than this part of the whole has not taken part. */
const SHARE = 0.02;

/** What every link of both nodes has carried, by node in the pair's order. */
export function proofOf(record: Pick<BenchRecord, 'traffic' | 'request' | 'nodes'>): ProofRow[][] {
  const all = record.traffic.map(bytesOf).reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
  return record.nodes.map((node) =>
    record.traffic
      .filter((link) => link.node === node.name)
      .map((link) => ({ link, part: partOf(record, node, link, all) })),
  );
}

function partOf(
  record: Pick<BenchRecord, 'request'>,
  node: BenchConditions,
  link: LinkTraffic,
  all: number,
): LinkPart {
  const bytes = bytesOf(link);
  if (bytes === null) return 'unread';
  const meant = isMeant(record, node, link);
  if (isLatency(record)) return bytes > 0 && meant ? 'carried' : 'light';
  const busy = bytes > Math.max(QUIET, all * SHARE);
  if (busy) return meant ? 'carried' : 'stray';
  return meant ? 'missing' : 'idle';
}

/** The half was asked for, and the cable is in this port. */
function isMeant(
  { request }: Pick<BenchRecord, 'request'>,
  node: BenchConditions,
  link: LinkTraffic,
): boolean {
  if (link.half === null || (request.halves !== 'both' && request.halves !== link.half)) return false;
  return node.ports.some(({ up, port }) => up && port === link.port);
}

function bytesOf({ rdmaBytes, netBytes }: LinkTraffic): number | null {
  if (rdmaBytes === null && netBytes === null) return null;
  return [rdmaBytes, netBytes].reduce((sum, bytes) => sum + (bytes ? bytes.sent + bytes.received : 0), 0);
}
