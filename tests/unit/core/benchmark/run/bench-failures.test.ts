import { describe, expect, it } from 'vitest';
import { iperfLines, type FakeProgram } from './fake-pair';
import { A, Pair } from './measured-pair';

describe('what goes wrong', () => {
  it('a server that says nothing is given up, with what it printed', async () => {
    const pair = new Pair();
    pair.nodes[1].play = (server) => server.print('-----------');
    const running = pair.run({ tool: 'iperf3', halves: 'a' });
    await pair.clock.sleeping(10_000);
    pair.clock.advance(10_000);
    expect(await running).toMatchObject({
      outcome: 'failed',
      failure: { code: 'BENCH_SERVER_SILENT', node: 'spark-b', evidence: '-----------' },
      result: null,
      verdict: { level: 'unknown' },
    });
    expect(pair.swept()).toEqual(['spark-a', 'spark-b']);
  });

  it('a server that cannot start says why', async () => {
    const pair = new Pair();
    pair.nodes[1].play = (server) => {
      server.complain('iperf3: error - unable to start listener for connections: Address already in use');
      server.end(1);
    };
    const { failure } = await pair.run({ tool: 'iperf3', halves: 'a' });
    expect(failure).toMatchObject({
      code: 'BENCH_TOOL_FAILED',
      node: 'spark-b',
      causes: [{ cause: { code: 'bench.cause.port-taken' } }],
    });
  });

  it('a client that comes too early comes again', async () => {
    const pair = new Pair();
    pair.iperf(95);
    const connect = pair.nodes[0].play;
    let tries = 0;
    pair.nodes[0].play = (client) => {
      if (++tries > 2) {
        connect(client);
        return;
      }
      client.complain('iperf3: error - unable to connect to server: Connection refused');
      client.end(1);
    };
    const running = pair.run({ tool: 'iperf3', halves: 'a' });
    for (let again = 1; again <= 2; again++) {
      await pair.clock.sleeping(250);
      pair.clock.advance(250);
    }
    expect(await running).toMatchObject({ outcome: 'done', result: { error: null } });
    expect(tries).toBe(3);
  });

  it('a client whose server is killed is ended with it', async () => {
    const pair = new Pair();
    let server: FakeProgram | undefined;
    pair.nodes[1].play = (program) => {
      server = program;
      program.print('Server listening on 28510');
    };
    pair.nodes[0].play = (client) => {
      client.print(...iperfLines(95).slice(0, 7));
      server?.end(137);
    };
    const running = pair.run({ tool: 'iperf3', halves: 'a' });
    await pair.clock.sleeping(2_000);
    pair.clock.advance(2_000);
    const record = await running;
    expect(record).toMatchObject({
      outcome: 'failed',
      failure: { code: 'BENCH_TOOL_FAILED', node: 'spark-b', params: { tool: 'iperf3' } },
      parts: [{ result: { status: 'running', warnings: [{ code: 'bench.warning.truncated' }] } }],
      result: null,
    });
  });

  it('a program that its node had to end is a timeout', async () => {
    const pair = new Pair();
    pair.iperf(95);
    pair.nodes[0].play = (client) => client.end(124);
    const { failure } = await pair.run({ tool: 'iperf3', halves: 'a', seconds: 10 });
    expect(failure).toMatchObject({
      code: 'COMMAND_TIMEOUT',
      params: { timeoutMs: 30_000 },
      node: 'spark-a',
    });
  });

  it('a cancel in the middle ends programs, sweeps both nodes, and keeps what was measured', async () => {
    const pair = new Pair();
    const stop = new AbortController();
    pair.iperf(95);
    pair.nodes[0].play = (client) => {
      client.print(...iperfLines(95).slice(0, 7));
      stop.abort();
    };
    const record = await pair.run({ tool: 'iperf3', halves: 'a' }, { signal: stop.signal });
    expect(record).toMatchObject({ outcome: 'cancelled', failure: { code: 'CANCELLED' }, result: null });
    expect(record.parts[0]?.result.series[0]?.points).toHaveLength(1);
    expect(pair.seen.at(-1)).toMatchObject({ phase: 'ending', cancelling: true });
    expect(pair.swept()).toEqual(['spark-a', 'spark-b']);
  });

  it('a node that is lost is named, and the other one is swept', async () => {
    const pair = new Pair();
    pair.iperf(95);
    pair.nodes[0].play = () => pair.nodes[1].lose();
    const record = await pair.run({ tool: 'iperf3', halves: 'a' });
    expect(record).toMatchObject({
      outcome: 'failed',
      failure: { code: 'CONNECTION_LOST', node: 'spark-b' },
    });
    expect(record.traffic.filter(({ node }) => node === 'spark-b').map(({ netBytes }) => netBytes)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(pair.nodes[0].scripts.at(-1)).toContain('marked()');
  });

  it('a link that goes down under a test ends it, and is the verdict', async () => {
    const pair = new Pair();
    pair.iperf(95);
    pair.nodes[0].play = () => {
      pair.nodes[1].files.set(`/sys/class/net/${A}/carrier`, '0');
      void pair.clock.sleeping(500).then(() => pair.clock.advance(500));
    };
    expect(await pair.run({ tool: 'iperf3', halves: 'a', seconds: 60 })).toMatchObject({
      outcome: 'failed',
      failure: { code: 'BENCH_NO_LINK', params: { half: 'a' }, node: 'spark-b' },
      verdict: {
        level: 'bad',
        causes: [{ cause: { code: 'bench.cause.half-dead', params: { half: 'a' } } }],
      },
    });
  });

  it('a process that cannot be ended is told', async () => {
    const pair = new Pair();
    pair.iperf(95);
    pair.nodes[1].ended = ['ended 77 iperf3', 'stays 77 iperf3'];
    const { failure } = await pair.run({ tool: 'iperf3', halves: 'a' });
    expect(failure?.params['detail']).toBe('still running: spark-b: iperf3 (77)');
  });
});
