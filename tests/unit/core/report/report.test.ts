import { describe, expect, it } from 'vitest';
import { forReport } from '../../../../src-main/core/report/bench-part';
import { makeReport } from '../../../../src-main/core/report/make-report';
import { report } from '../../../../src-main/core/report/report';
import { unreachableFacts } from '../../../../src-main/core/probe/unreachable';
import { record } from '../benchmark/history/records';
import { file } from '../playbooks/connect-two-sparks/builders';
import { english, input, korean, nodeFacts, source } from './input';

const markdown = (over = {}) => report({ format: 'markdown', mask: [] }, input(over), english);

describe('the node information template', () => {
  it('is filled for both nodes, in its own order', () => {
    const text = markdown();
    const labels = [...text.slice(text.indexOf('### Node 1')).matchAll(/^- ([^:\n]+): /gm)].map(
      ([, label]) => label,
    );
    const template = ['Hostname', 'IP address', 'GPUs', 'Network', 'OS', 'CUDA', 'Role'];
    expect(labels.slice(0, 7)).toEqual(template);
    expect(labels.filter((label) => label === 'Hostname')).toHaveLength(2);
    expect(text).toContain('### Node 1: `spark-1`\n\n- Hostname: `spark-5c2d`\n');
    expect(text).toContain('- IP address: `enP7s7 192.168.1.22/24`, `enP7s7 2001:db8:5::22/64`\n');
    expect(text).toContain('- Network: ConnectX-7, 2 of 4 interfaces up, 200 Gb/s each\n');
    expect(text).toContain('- ConnectX-7 firmware: `28.45.4028`\n');
  });

  it('says why something is not known', () => {
    const text = markdown({ nodes: [source(0, { facts: unreachableFacts('NODE_UNREACHABLE') }), source(1)] });
    expect(text).toContain('- Kernel: unknown (not reachable)\n');
    const unread = markdown({
      nodes: [source(0, { facts: null }), source(1, { facts: null })],
      readAt: null,
    });
    expect(unread).toContain('- Kernel: not read\n');
    expect(unread).toContain('The nodes were not read');
  });

  it('shows netplan’s files for the fast ports, and no Wi-Fi', () => {
    const own =
      'network:\n  renderer: NetworkManager\n  ethernets:\n    enp1s0f1np1:\n      addresses: [192.168.100.10/24]\n';
    const wifi =
      'network:\n  ethernets:\n    enp1s0f1np1: {}\n  wifis:\n    wlan0:\n      access-points: {"Home Sweet": {}}\n';
    const files = [
      { path: '/etc/netplan/40-cx7.yaml', file: file(own) },
      { path: '/etc/netplan/90-mine.yaml', file: file(wifi) },
      { path: '/etc/netplan/01-lan.yaml', file: file('network: {}\n') },
    ];
    const facts = nodeFacts(0, { netplan: { renderer: null, files } });
    const text = markdown({ nodes: [source(0, { facts }), source(1)] });
    expect(text).toContain(
      '`spark-1 /etc/netplan/40-cx7.yaml (0600)`\n\n```text\nnetwork:\n  renderer: NetworkManager\n  ethernets:\n',
    );
    expect(text).toContain('/etc/netplan/90-mine.yaml');
    expect(text).not.toContain('Home Sweet');
  });

  it('says whether each node lets the other in and knows its key', () => {
    const [one, two] = [nodeFacts(0), nodeFacts(1)];
    if (!one.ssh.known || !two.ssh.known) throw new Error('known');
    const key = {
      path: '/home/nvidia/.ssh/id_ed25519',
      type: 'ssh-ed25519',
      fingerprint: 'SHA256:x',
      hasPrivate: true,
    };
    const first = { ...one.ssh.value, keys: [{ ...key, publicKey: 'ssh-ed25519 AAAAone' }] };
    const second = {
      ...two.ssh.value,
      hostKeys: ['ssh-ed25519 AAAAhost'],
      authorizedKeys: file('# keys\nssh-ed25519 AAAAone nvidia@one\n'),
    };
    const nodes = [
      source(0, { facts: nodeFacts(0, { ssh: first }) }),
      source(1, { facts: nodeFacts(1, { ssh: second }) }),
    ] as const;
    const made = makeReport(input({ nodes }), { mask: [] });
    expect(made.nodes[1].ssh).toMatchObject({ value: { letsPeerIn: true, authorized: 1 } });
    expect(made.nodes[0].ssh).toMatchObject({ value: { letsPeerIn: null, knowsPeer: false } });
  });
});

describe('runs and results', () => {
  it('tells what is in place and how a result stands', () => {
    const text = markdown();
    expect(text).toContain(
      '| `connect-two-sparks` | `0001-3f2a9c1d` | 2026-10-01 10:00 UTC | done | 1 of 1 |',
    );
    expect(text).toContain('0.4 % lower than the median 100 Gb/s of 3 earlier results');
    expect(text).toContain('| the first of its kind |');
  });

  it('repeats the output of what went wrong only, the end of it', () => {
    const long = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');
    const failed = record(5, { outcome: 'failed', output: [{ node: 'spark-1', text: long }] });
    const made = makeReport(
      input({ records: [record(4, { output: [{ node: 'spark-1', text: long }] }), failed] }),
      {
        mask: [],
      },
    );
    expect(made.benchmarks.map(({ output }) => output.length)).toEqual([1, 0]);
    expect(made.benchmarks[0]?.output[0]?.text).toMatch(/^…\nline 70\n[\s\S]*line 99$/);
  });

  it('takes the newest of each kind, and all of the newest suite', () => {
    const suite = '20261120T090000Z-aaaaaaaa';
    const ping = { tool: 'ping', halves: 'a' } as const;
    const history = [
      record(1),
      record(2, { request: ping, suite }),
      record(3, { request: ping, suite }),
      record(4),
      record(5, { request: ping }),
    ];
    expect(forReport(history)).toEqual(
      [history[4], history[3], history[2], history[1]].map((one) => one?.id),
    );
  });

  it('says that there is nothing', () => {
    const text = markdown({ runs: [], records: [], history: [], links: [] });
    expect(text).toContain('No playbook has run');
    expect(text).toContain('Nothing has been measured');
    expect(text).toContain('No link has an address');
  });
});

describe('formats and languages', () => {
  it.each(['markdown', 'html'] as const)('%s in Korean has no English word of ours left', (format) => {
    const text = report({ format, mask: ['macs'] }, input(), korean);
    expect(text).toContain('호스트 이름');
    expect(text).not.toMatch(/report\.doc\.|Hostname|Healthy/);
  });

  it('JSON is the data, in any language', () => {
    const text = report({ format: 'json', mask: ['macs'] }, input(), korean);
    expect(JSON.parse(text)).toEqual(makeReport(input(), { mask: ['macs'] }));
    expect(text).toBe(report({ format: 'json', mask: ['macs'] }, input(), english));
  });
});

describe('what is too long', () => {
  it('is cut between words, so that no half of a name stays', () => {
    const words = Array.from({ length: 3000 }, () => 'dorothea').join(' ');
    const one = record(1, {
      outcome: 'failed',
      commands: [{ node: 'one', script: words }],
      output: [{ node: 'one', text: words }],
    });
    const nodes = [source(0, { user: 'dorothea' }), source(1)] as const;
    const made = makeReport(input({ nodes, records: [one] }), { mask: ['users'] });
    const [bench] = made.benchmarks;
    for (const text of [bench?.commands[0]?.script, bench?.output[0]?.text]) {
      expect(text).toMatch(/^… <user-\d>/);
      expect(text?.replace(/<user-\d>/g, '').trim()).toBe('…');
    }
  });
});
