import type { BenchRecord, Suite } from '../../../../../src-main/contract/bench-record';
import type { BenchHalves, BenchRequest } from '../../../../../src-main/contract/bench-request';
import type { BenchResult, BenchVerdict } from '../../../../../src-main/contract/benchmark';
import type { CxPort, NetAddress, NodeFacts } from '../../../../../src-main/contract/facts';
import { message } from '../../../../../src-main/contract/message';
import type { RunOptions } from '../../../../../src-main/core/benchmark/run/options';
import { runSuite } from '../../../../../src-main/core/benchmark/suite/run-suite';
import type { Pair } from '../../../../../src-main/core/engine/playbook';
import { facts } from '../../playbooks/connect-two-sparks/builders';
import { port, record, result, verdict } from '../history/records';

export const names: Pair<string> = ['one', 'two'];
const tools = ['ping', 'ib_write_bw', 'ib_write_lat', 'iperf3', 'mpirun'];

export interface NodeSetup {
  readonly ports?: CxPort[];
  readonly addressed?: readonly string[];
  readonly tools?: readonly string[];
}

/** A node with a cable in port 0 and addresses on both halves. */
export function node(place: 0 | 1, setup: NodeSetup = {}): NodeFacts {
  const { ports = ['enp1s0f0np0', 'enP2p1s0f0np0'].map((name) => port(name)) } = setup;
  const { addressed = ['enp1s0f0np0', 'enP2p1s0f0np0'] } = setup;
  const addresses = addressed.map((name): NetAddress => {
    const network = name.startsWith('enP2') ? 101 : 100;
    return {
      interface: name,
      family: 'inet',
      address: `192.168.${network}.${10 + place}`,
      prefix: 24,
      scope: 'global',
      dynamic: false,
    };
  });
  const found = Object.fromEntries((setup.tools ?? tools).map((tool) => [tool, `/usr/bin/${tool}`]));
  return facts(place, { ports, addresses, tools: found });
}

export function both(setup: NodeSetup = {}): Pair<NodeFacts> {
  return [node(0, setup), node(1, setup)];
}

export type Answer = (request: BenchRequest, options: RunOptions) => Promise<BenchRecord> | BenchRecord;

const packets = (received: number): Partial<BenchResult> => ({
  tool: 'ping',
  summary: { packets: { sent: 10, received }, latency: { averageUs: 500 } },
});

/** A ping by the packets of each half that came back. */
export function pinged(request: BenchRequest, received: Partial<Record<BenchHalves, number>>): BenchRecord {
  const parts = Object.entries(received).map(([halves, count]) => ({
    halves: halves as BenchHalves,
    result: result(packets(count)),
  }));
  return {
    ...record(0),
    request,
    parts,
    result: null,
    verdict: verdict({ level: 'unknown', measured: null }),
  };
}

export function cause(code: string, params = {}): BenchVerdict['causes'][number] {
  return {
    cause: message(`bench.cause.${code}`, params),
    remedy: message(`bench.remedy.${code}`, params),
  };
}

/** A measurement with this verdict. */
export function judged(request: BenchRequest, patch: Partial<BenchVerdict>): BenchRecord {
  return { ...record(0), request, verdict: verdict(patch) };
}

const healthy: Record<string, Answer> = {
  ping: (request) => pinged(request, request.halves === 'both' ? { a: 10, b: 10 } : { [request.halves]: 10 }),
  ib_write_bw: (request) =>
    judged(request, { measured: { value: request.halves === 'both' ? 189.47 : 97.3, unit: 'Gb/s' } }),
  ib_write_lat: (request) =>
    judged(request, { measured: { value: 1.58, unit: 'µs' }, healthy: { from: 1.4, to: 1.9, unit: 'µs' } }),
  iperf3: (request) => judged(request, { measured: { value: 181, unit: 'Gb/s' } }),
  nccl: (request) => judged(request, { measured: { value: 19.8, unit: 'GB/s' } }),
};

/** Runs the suite over a pair that is healthy but for what is given. */
export async function prove(
  answers: Record<string, Answer> = {},
  pair: Pair<NodeFacts> = both(),
  signal?: AbortSignal,
) {
  const asked: BenchRequest[] = [];
  const options: RunOptions[] = [];
  const kept: BenchRecord[] = [];
  const told: Suite[] = [];
  let time = 0;
  const suite = await runSuite(
    {
      run: async (request, how) => {
        const given = how ?? {};
        asked.push(request);
        options.push(given);
        const answer = answers[request.tool] ?? healthy[request.tool];
        if (answer === undefined) throw new Error(`nobody answers ${request.tool}`);
        return answer(request, given);
      },
    },
    {
      id: 'suite-1',
      names,
      facts: pair,
      clock: { now: () => time++ },
      ...(signal ? { signal } : {}),
      onSuite: (one) => told.push(one),
      keep: (one) => {
        kept.push(one);
        return Promise.resolve();
      },
    },
  );
  const statuses = Object.fromEntries(suite.steps.map(({ id, status }) => [id, status]));
  const causes = suite.causes.map(({ cause: { code } }) => code.replace('bench.cause.', ''));
  return { suite, asked, options, kept, told, statuses, causes };
}
