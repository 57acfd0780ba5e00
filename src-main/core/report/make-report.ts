import type { ReportMask } from '../../contract/report';
import { benchPart } from './bench-part';
import { clean, mapStrings, shortened } from './clean';
import { makeMask } from './mask/mask';
import { pairOf, type ReportInput } from './input';
import { nodePart } from './node-part';
import type { Report } from './shape';

/** Characters of any text: evidence and scripts have no bound of their own. */
const LONG = 16 * 1024;
/** Runs that a report tells. */
const RUNS = 10;

/** The pair, its playbooks and its results as plain data; every text cleaned, and what `mask` names replaced in all of it. */
export function makeReport(input: ReportInput, { mask }: { mask: readonly ReportMask[] }): Report {
  const records = input.records.toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const [first, second] = input.nodes;
  const plain: Report = {
    kind: 'twinspark-report',
    version: 1,
    app: { name: 'Twinspark', version: input.version },
    madeAt: new Date(input.time).toISOString(),
    masked: [],
    pair: { id: pairOf(input) ?? records[0]?.pair ?? null, practice: input.practice },
    readAt: input.readAt === null ? null : new Date(input.readAt).toISOString(),
    nodes: [nodePart(first, second.facts, 0, records), nodePart(second, first.facts, 1, records)],
    links: input.links.map(({ half, port, netdev, rdma, address, mtu }) => ({
      half,
      port: [...port],
      netdev: [...netdev],
      rdma: [...rdma],
      address: [...address],
      mtu: [...mtu],
    })),
    runs: input.runs.slice(0, RUNS).map((run) => ({
      ...run,
      startedAt: new Date(run.startedAt).toISOString(),
      endedAt: run.endedAt === null ? null : new Date(run.endedAt).toISOString(),
    })),
    suite:
      input.suite === null ? null : { sentence: input.suite.sentence, level: input.suite.level ?? 'unknown' },
    benchmarks: benchPart(records, input.history),
  };
  const hide = makeMask(mapStrings(input, clean), new Set(mask));
  const masked = mapStrings(plain, (text, path) =>
    ours.test(path) ? text : hide(shortened(clean(text), LONG, 'end')),
  );
  return { ...masked, masked: [...new Set(mask)] };
}

/** Members whose values are words of ours: codes, names of tools and stages, times. Parameters of messages never are. */
const ours =
  /^(?!.*\.params\.).*\.(kind|code|tool|status|outcome|level|row|unit|reason|playbook|stage|stages\.id|madeAt|readAt|startedAt|endedAt|half|halves|direction|operation|masked|app\.\w+|benchmarks\.id)$/;
