import { describe, expect, it } from 'vitest';
import { parseTransfers } from '../../../../../src-main/core/playbooks/connect-two-sparks/measure';
import { verify } from '../../../../../src-main/core/playbooks/connect-two-sparks/verify';
import { names, port1Links, setup, type Looked, type Setup } from './builders';

interface Shown {
  readonly driver?: string;
  readonly mtu?: string;
  readonly gbps?: number;
  /** Rate of the second, thorough transfer. */
  readonly again?: number;
  readonly lost?: boolean;
}

function answering({
  driver = 'mlx5_core',
  mtu = '1500',
  gbps = 34,
  again = gbps,
  lost = false,
}: Shown = {}) {
  return ({ node, script }: Looked) => {
    const own = node === names[0] ? 0 : 1;
    const rate = script.includes('-P 4') ? again : gbps;
    const transfer = JSON.stringify({ end: { sum_received: { bits_per_second: rate * 1e9 } } });
    return [
      `port enp1s0f1np1 ${own === 0 ? mtu : '1500'} 200000 ${driver}`,
      `port enP2p1s0f1np1 1500 200000 ${driver}`,
      `ping enp1s0f1np1 192.168.100.1${1 - own} ok rtt min/avg/max/mdev = 0.4/0.5/0.6/0.1 ms`,
      `ping enP2p1s0f1np1 192.168.101.1${1 - own} ${lost ? 'lost' : 'ok rtt = 0.4/0.5/0.6/0.1 ms'}`,
      `login ${names[1 - own]!} 0 ${names[1 - own]!}`,
      `login 192.168.101.1${1 - own} 0 ${names[1 - own]!}`,
      ...(own === 0 ? [`iperf3 52010 ${transfer}`, `iperf3 52011 ${transfer}`] : []),
    ].join('\n');
  };
}

function pair(answer: (looked: Looked) => string, over: Setup = {}, settled = ['network', 'ssh']) {
  const links = port1Links().map((link, half) => ({
    ...link,
    subnet: `192.168.10${half}.0/24`,
    addresses: [`192.168.10${half}.10`, `192.168.10${half}.11`] as const,
    required: true,
  }));
  const account = { name: 'nvidia', home: '/home/nvidia', group: 'nvidia', exists: true };
  return setup({
    ...over,
    answer,
    shared: {
      accounts: [account, account],
      links,
      network: { method: 'static', mtu: null, links },
      settled: new Set(settled),
    },
  });
}

const codes = (notes: readonly { code: string }[]) => notes.map(({ code }) => code.replace('connect.', ''));

describe('verify', () => {
  it('has nothing to measure before the other stages are in place', async () => {
    const { context, looks } = pair(answering(), {}, ['network']);
    expect(await verify.assess(context)).toMatchObject({ status: 'needed', changes: [] });
    expect(looks).toEqual([]);
  });

  it('is satisfied by what it measures now, in one look per node', async () => {
    const { context, looks } = pair(answering());
    const assessment = await verify.assess(context);
    expect(assessment.status).toBe('satisfied');
    expect(looks).toHaveLength(2);
    expect(codes(assessment.notes)).toEqual(
      expect.arrayContaining(['verify.throughput-total', 'verify.speed', 'ssh.login']),
    );
  });

  it('is needed, and fails with causes, while a half is silent', async () => {
    const { context } = pair(answering({ lost: true }));
    expect(await verify.assess(context)).toMatchObject({ status: 'needed', changes: [] });
    const verification = await verify.verify!(context);
    expect(verification.ok).toBe(false);
    expect(verification.causes.length).toBeGreaterThan(0);
  });

  it('fails when the two ends have different MTUs', async () => {
    const verification = await verify.verify!(pair(answering({ mtu: '9000' })).context);
    expect(verification.ok).toBe(false);
    expect(codes(verification.notes)).toContain('verify.mtu-differs');
  });

  it('names the slow state that a replug leaves only after a second, longer transfer', async () => {
    const slow = pair(answering({ gbps: 12.9 }));
    const verification = await verify.verify!(slow.context);
    expect(slow.looks).toHaveLength(4);
    expect(verification.ok).toBe(false);
    expect(verification.causes[0]?.cause.code).toBe('connect.cause.replug-state');
    const busy = await verify.verify!(pair(answering({ gbps: 12.9, again: 95 })).context);
    expect(busy.ok).toBe(true);
  });

  it('reports other cards without judging them', async () => {
    const verification = await verify.verify!(pair(answering({ gbps: 4, driver: '' })).context);
    expect(verification.ok).toBe(true);
    expect(codes(verification.notes)).toContain('verify.throughput-unjudged');
  });

  it('does without iperf3', async () => {
    const tools = { ip: '/', ping: '/', ssh: '/' };
    const { context, looks } = pair(answering(), { nodes: [{ tools }, {}] });
    const verification = await verify.verify!(context);
    expect(verification.ok).toBe(true);
    expect(codes(verification.notes)).toContain('verify.throughput-skipped');
    expect(looks.every(({ script }) => !script.includes('iperf3 -'))).toBe(true);
  });
});

describe('parseTransfers', () => {
  it.each(['', 'iperf3 52010 ', 'iperf3 52010 {"end":{}}', 'iperf3 52010 {broken', 'iperf3 x {}'])(
    'measures nothing from %j',
    (text) => expect(parseTransfers(text).size).toBe(0),
  );
});
