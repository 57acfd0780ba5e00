import type { NodeFacts } from '../../../../src-main/contract/facts';
import { message } from '../../../../src-main/contract/message';
import type { RunSummary } from '../../../../src-main/contract/run';
import { benchLinks } from '../../../../src-main/core/benchmark/links';
import type { ReportInput, ReportSource } from '../../../../src-main/core/report/input';
import { Words } from '../../../../src-main/words/words';
import en from '../../../../resources/locales/en.json';
import ko from '../../../../resources/locales/ko.json';
import { address, facts, type Overrides } from '../playbooks/connect-two-sparks/builders';
import { conditions, measuring, record } from '../benchmark/history/records';

export const english = new Words('en', en, en);
export const korean = new Words('ko', ko, en);

export function source(node: 0 | 1, over: Partial<ReportSource> = {}): ReportSource {
  return {
    name: `spark-${node + 1}`,
    host: `192.168.1.2${node + 1}`,
    port: 22,
    user: 'nvidia',
    hostKey: `SHA256:${String(node).repeat(43)}`,
    facts: nodeFacts(node),
    ...over,
  };
}

/** A Spark with the addresses that the playbook gives to port 1. */
export function nodeFacts(node: 0 | 1, over: Overrides = {}): NodeFacts {
  return facts(node, {
    addresses: [
      address('lo', '127.0.0.1/8', { scope: 'host' }),
      address('enP7s7', `192.168.1.2${node + 1}/24`, { dynamic: true }),
      address('enP7s7', `2001:db8:5::2${node + 1}/64`, { dynamic: true }),
      address('docker0', '172.17.0.1/16'),
      address('enp1s0f1np1', `192.168.100.1${node}/24`),
      address('enP2p1s0f1np1', `192.168.101.1${node}/24`),
    ],
    gpus: [{ name: 'NVIDIA GB10', driver: '580.95.05', memoryMib: null }],
    ...over,
  });
}

export const run: RunSummary = {
  run: '0001-3f2a9c1d',
  playbook: 'connect-two-sparks',
  startedAt: Date.UTC(2026, 9, 1, 10),
  endedAt: Date.UTC(2026, 9, 1, 10, 1),
  status: 'done',
  nodes: ['spark-1', 'spark-2'],
  changes: [
    {
      index: 0,
      id: 'network/spark-1/netplan',
      stage: 'network',
      node: 'spark-1',
      kind: 'netplan',
      summary: message('connect.network.change', { path: '/etc/netplan/40-cx7.yaml' }),
      status: 'applied',
    },
  ],
  stages: [{ id: 'network', status: 'done', notes: [] }],
};

export const records = [
  record(0, {
    nodes: [conditions('spark-1'), conditions('spark-2')],
    ...measuring(99.6, 'Gb/s'),
  }),
  record(1, {
    nodes: [conditions('spark-1'), conditions('spark-2')],
    request: { tool: 'iperf3', halves: 'a', direction: 'reverse', streams: 4, seconds: 5 },
    outcome: 'failed',
    failure: { code: 'BENCH_TOOL_FAILED', params: { tool: 'iperf3', detail: 'no route' }, node: 'spark-2' },
    output: [{ node: 'spark-2', text: 'iperf3: error - unable to connect\n' }],
    commands: [{ node: 'spark-1', script: 'iperf3 -c 192.168.100.11' }],
  }),
];

export function input(over: Partial<ReportInput> = {}): ReportInput {
  const nodes = over.nodes ?? [source(0), source(1)];
  const [one, two] = nodes;
  return {
    version: '1.2.3',
    time: Date.UTC(2026, 10, 20, 17, 30),
    readAt: Date.UTC(2026, 10, 20, 17, 29),
    practice: false,
    nodes,
    links: one.facts !== null && two.facts !== null ? benchLinks([one.facts, two.facts]) : [],
    runs: [run],
    records,
    history: [{ id: records[0]!.id, standing: { count: 3, median: 100, change: -0.004, fallen: false } }],
    suite: null,
    ...over,
  };
}
