import { benchRequestSchema, type BenchRequestInput } from '../../../../../src-main/contract/bench-request';
import type { BenchRecord, BenchRunning } from '../../../../../src-main/contract/bench-record';
import { Bench } from '../../../../../src-main/core/benchmark/run/bench';
import type { RunOptions } from '../../../../../src-main/core/benchmark/run/options';
import { pairFacts } from '../pair-facts';
import { FakeNode, TestClock, iperfLines, type FakeProgram } from './fake-pair';

export const A = 'enp1s0f1np1';
export const B = 'enP2p1s0f1np1';
export const id = '20261120T172119Z-1a2b3c4d';

/** Two nodes and the runner that measures on them. */
export class Pair {
  readonly nodes = [new FakeNode('spark-a'), new FakeNode('spark-b')] as const;
  readonly clock = new TestClock();
  readonly seen: BenchRunning[] = [];

  /** Plays an iperf3 whose bytes go over `netdev`. */
  iperf(gbps: number, netdev = A): void {
    const servers: FakeProgram[] = [];
    this.nodes[1].play = (server) => {
      servers.push(server);
      server.print('Server listening on 28510 (test #1)');
    };
    this.nodes[0].play = (client) => {
      client.print(...iperfLines(gbps));
      this.nodes[0].moved(netdev, 12e9, 1e6);
      this.nodes[1].moved(netdev, 1e6, 12e9);
      client.end();
      servers.shift()?.end();
    };
  }

  run(input: BenchRequestInput, options: RunOptions = {}): Promise<BenchRecord> {
    const bench = new Bench({
      sessions: this.nodes,
      clock: this.clock,
      facts: () => Promise.resolve(pairFacts()),
      newId: () => id,
    });
    const onProgress = (now: BenchRunning) => this.seen.push(now);
    return bench.run(benchRequestSchema.parse(input), { onProgress, ...options });
  }

  programs(): string[] {
    return this.nodes.flatMap(({ scripts }) =>
      scripts.filter((script) => script.startsWith('TWINSPARK_BENCH')),
    );
  }

  /** Nodes on which what was left of this test has been looked for. */
  swept(): string[] {
    return this.nodes
      .filter(({ scripts }) => scripts.at(-1)?.includes(`'^TWINSPARK_BENCH=${id}$'`))
      .map(({ node }) => node);
  }
}
