import { describe, expect, test, vi } from 'vitest';
import type { BenchRequestInput } from '../../../../src-main/contract/bench-request';
import { benchCommand } from '../../../../src-main/core/benchmark/run/command';
import { endLeftovers } from '../../../../src-main/core/benchmark/run/leftovers';
import type { Session } from '../../../../src-main/core/ports';
import { benchPair } from './bench-pair';

/** An upper bound against a hang. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const pair = benchPair();

const long: readonly [BenchRequestInput, RegExp][] = [
  [{ tool: 'ping', halves: 'a', count: 1000 }, /icmp_seq=2/],
  [{ tool: 'iperf3', halves: 'both', seconds: 600 }, /^\[SUM\]/],
  [{ tool: 'ib_write_bw', halves: 'both', seconds: 600 }, /^ #bytes/],
  [{ tool: 'ucx_perftest', halves: 'a', seconds: 600 }, /^\[thread 0\]/],
  [{ tool: 'nccl', fromBytes: 8 }, /^ +8 /],
];

describe('a test that is cancelled in the middle', () => {
  test.each(long)('%j leaves nothing running on either node', async (request, line) => {
    const stop = new AbortController();
    const record = await pair().run(request, {
      signal: stop.signal,
      onLine: (_node, _stream, text) => {
        if (line.test(text)) stop.abort();
      },
    });
    expect(record).toMatchObject({ outcome: 'cancelled' });
    expect(await pair().running()).toEqual([]);
    for (const session of pair().sessions) {
      const { stdout } = await session.exec({ script: "grep -c ' 0A ' /proc/net/tcp || :", root: false });
      expect(stdout).toBe('0\n');
    }
  });
});

/** A command that goes on: resolves `said` when it has printed such a line, and `over` when it has ended. */
function starting(
  session: Session,
  script: string,
  line: RegExp,
): { said: Promise<void>; over: Promise<unknown> } {
  let over: Promise<unknown> = Promise.resolve();
  const said = new Promise<void>((resolve) => {
    const onLine = (_: string, text: string) => {
      if (line.test(text)) resolve();
    };
    over = session.exec({ script, root: false }, { onLine });
  });
  return { said, over };
}

test('a server that was left behind is found by its mark, and ended', async () => {
  const [, session] = pair().sessions;
  const server = benchCommand('gone', { program: 'iperf3', args: ['-s', '-p', '28600'], limitSeconds: 60 });
  const other = benchCommand('other', {
    program: 'ib_write_bw',
    args: ['-d', 'rocep1s0f1', '-p', '28601'],
    limitSeconds: 60,
  });
  const left = starting(session, server.text, /^Server listening/);
  const stays = starting(session, other.text, /^\* Waiting/);
  await Promise.all([left.said, stays.said]);
  const { stdout } = await session.exec({ script: endLeftovers('gone').text, root: false });
  expect(stdout).toMatch(/^ended \d+ iperf3\n$/);
  await left.over;
  expect(await pair().running()).toEqual(['ib_write_bw']);
  await session.exec({ script: endLeftovers().text, root: false });
  await stays.over;
  expect(await pair().running()).toEqual([]);
});

test('a node ends a program by itself when its time is over', async () => {
  const [session] = pair().sessions;
  const { text } = benchCommand('late', { program: 'iperf3', args: ['-s'], limitSeconds: 1 });
  expect(await session.exec({ script: text, root: false })).toMatchObject({ code: 124 });
});

test('a client whose server is ended says so, and a tool that is missing is told before anything runs', async () => {
  const [first, second] = pair().sessions;
  let ended: Promise<unknown> | undefined;
  const record = await pair().run(
    { tool: 'iperf3', halves: 'a', seconds: 60 },
    {
      onLine: (node, _stream, text) => {
        if (node === first.node && text.startsWith('[SUM]'))
          ended ??= second.exec({ script: endLeftovers().text, root: false });
      },
    },
  );
  await ended;
  expect(record).toMatchObject({ outcome: 'failed', failure: { code: 'BENCH_TOOL_FAILED' } });

  await second.exec({ script: 'apt-get -q -y remove ucx-utils', root: true });
  await expect(pair().run({ tool: 'ucx_perftest', halves: 'a' })).rejects.toMatchObject({
    code: 'BENCH_TOOL_MISSING',
    info: { node: second.node, params: { package: 'ucx-utils' } },
  });
});
