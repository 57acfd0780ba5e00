import { describe, expect, it } from 'vitest';
import { reportFormats, reportMasks, type ReportMask } from '../../../../src-main/contract/report';
import type { ReportInput } from '../../../../src-main/core/report/input';
import { makeMask } from '../../../../src-main/core/report/mask/mask';
import { makeReport } from '../../../../src-main/core/report/make-report';
import { report } from '../../../../src-main/core/report/report';
import { reportSchema } from '../../../../src-main/core/report/shape';
import { account, address, file } from '../playbooks/connect-two-sparks/builders';
import { conditions, record } from '../benchmark/history/records';
import { english, input, korean, nodeFacts, source } from './input';

/** One text through the masks of a pair. */
function hide(text: string, masks: readonly ReportMask[] = reportMasks, over: Partial<ReportInput> = {}) {
  return makeMask(input(over), new Set(masks))(text);
}

/** A pair whose free texts hold `text`. */
function saying(text: string, over: Partial<ReportInput> = {}): ReportInput {
  const spoken = record(3, {
    nodes: [conditions('spark-1'), conditions('spark-2')],
    outcome: 'failed',
    failure: {
      code: 'COMMAND_FAILED',
      params: { command: text },
      node: 'spark-1',
      causes: [
        { cause: { code: 'nobody.knows', params: { it: text } }, remedy: { code: 'nor.this', params: {} } },
      ],
      evidence: text,
    },
    output: [{ node: 'spark-1', text }],
    commands: [{ node: 'spark-1', script: text }],
  });
  return input({ records: [spoken], ...over });
}

describe('hardware addresses', () => {
  it.each([
    ['30:c5:99:3e:6a:11', '<mac-1>'],
    ['30-C5-99-3E-6A-11', '<mac-1>'],
    ['30c5.993e.6a11', '<mac-1>'],
    ['enx30c5993e6a11', 'enx<mac-1>'],
    ['node_guid: 30c5:9903:003e:6a11', 'node_guid: <mac-1>'],
    ['Node GUID: 0x30c59903003e6a11', 'Node GUID: <mac-1>'],
    ['fe80::32c5:99ff:fe3e:6a11/64', 'fe80::<mac-1>/64'],
    ['fe80:0000:0000:0000:32c5:99ff:fe3e:6a11', 'fe80::<mac-1>'],
    ['2001:db8:1:2:32c5:99ff:fe3e:6a11', '2001:db8:1:2:<mac-1>'],
    ['GID: 254:128:00:00:00:00:00:00:50:197:153:255:254:62:106:17', 'GID: fe80::<mac-1>'],
  ])('hides %s', (text, hidden) => {
    expect(hide(text, ['macs'])).toBe(hidden);
  });

  it('gives each its own name and the same one everywhere, also to those that nobody has read', () => {
    expect(hide('aa:bb:cc:00:11:22 dd:ee:ff:00:11:22 AA-BB-CC-00-11-22', ['macs'])).toBe(
      '<mac-1> <mac-2> <mac-1>',
    );
  });

  it('leaves what is none', () => {
    const text = '00:00:00:00:00:00 ff:ff:ff:ff:ff:ff 2025-09-10-13-50-03 12:30:45 fe80::1 7.5.0';
    expect(hide(text, ['macs'])).toBe(text);
  });
});

describe('addresses', () => {
  it.each([
    ['inet 192.168.1.21/24', 'inet <address-1>/24'],
    ['2001:db8:5::21', '<address-1>'],
    ['2001:0DB8:0005:0:0:0:0:0021', '<address-1>'],
    ['inet6addr:2001:db8:5::21', 'inet6addr:<address-1>'],
    ['http://[2001:db8:5::21]:8000/', 'http://[<address-1>]:8000/'],
    ['from 8.8.8.8.', 'from <address-1>.'],
    ['ssh nvidia@203.0.113.7:22', 'ssh nvidia@<address-1>:22'],
    ['::ffff:203.0.113.7', '<address-1>'],
    ['203.0.113.7 ::ffff:cb00:7107', '<address-1> <address-1>'],
    ['00:00:00:00:00:00:00:00:00:00:255:255:203:00:113:07', '<address-1>'],
  ])('hides %s', (text, hidden) => {
    expect(hide(text, ['addresses'])).toBe(hidden);
  });

  it('keeps those of the cable and those that every machine has', () => {
    const text =
      '192.168.100.10 192.168.101.0/24 127.0.0.1 ::1 0.0.0.0 255.255.255.0 172.17.0.1 fe80::1 ::ffff:192.168.100.10 std::string 17:30:02';
    expect(hide(text, ['addresses'])).toBe(text);
  });

  it('hides a cable that has public addresses, and a management address inside the cable’s network', () => {
    const one = nodeFacts(0, { addresses: [address('enp1s0f1np1', '198.51.100.1/24')] });
    const two = nodeFacts(1, { addresses: [address('enp1s0f1np1', '198.51.100.2/24')] });
    const nodes = [source(0, { facts: one }), source(1, { facts: two })] as const;
    expect(hide('198.51.100.1', ['addresses'], { nodes })).toBe('<address-1>');
    const inside = nodeFacts(0, {
      addresses: [address('enp1s0f1np1', '192.168.100.10/24'), address('enP7s7', '192.168.100.77/24')],
    });
    const mixed = [source(0, { facts: inside }), source(1)] as const;
    expect(hide('192.168.100.77 192.168.100.10', ['addresses'], { nodes: mixed })).toBe(
      '<address-1> 192.168.100.10',
    );
  });

  it('keeps versions', () => {
    const text = 'driver 580.95.05, firmware 28.45.4028, kernel 6.14.0-1013-nvidia, UCX 1.16.0';
    expect(hide(text)).toBe(text);
  });
});

describe('serial numbers', () => {
  it('finds them by what they are called and hides them wherever they stand', () => {
    const texts = saying(
      'DGX_SERIAL_NUMBER="1983925012345"\nSerial Number          : 1650524001122\n[SN] Serial number: MT2531XZ0A7K\n' +
        'seen: MT2531XZ0A7K 1983925012345\nSN: N/A',
    );
    const shown = JSON.stringify(makeReport(texts, { mask: ['serials'] }));
    for (const secret of ['1983925012345', '1650524001122', 'MT2531XZ0A7K'])
      expect(shown).not.toContain(secret);
    expect(shown).toContain('seen: <serial-');
  });

  it('hides UUIDs and host key fingerprints', () => {
    const text = `GPU-4d9ab1c2-0f3e-4c1d-9a55-0123456789ab ${source(0).hostKey}`;
    expect(hide(text, ['serials'])).toBe('GPU-<id-1> <key-1>');
  });
});

describe('names', () => {
  const alice = nodeFacts(0, {
    hostname: 'alices-spark',
    account: account('alice'),
    accounts: [account('alice'), account('bo')],
  });
  const nodes = [source(0, { user: 'alice', host: 'alices-spark.local', facts: alice }), source(1)] as const;

  it.each([
    ['/home/alice/.ssh/id_ed25519', '/home/<user-1>/.ssh/id_ed25519'],
    ['/home/somebody/x', '/home/<user-1>/x'],
    ['C:\\Users\\Bob\\x', 'C:\\Users\\<user-1>\\x'],
    ['chown alice:alice', 'chown <user-1>:<user-1>'],
    ['Alice’s files', '<user-1>’s files'],
    ['both bo and about', 'both <user-1> and about'],
    ['carol@10.0.0.1 git@github.com root@x', '<user-1>@10.0.0.1 git@github.com root@x'],
    ['getty@tty1.service', 'getty@tty1.service'],
  ])('users: %s', (text, hidden) => {
    expect(hide(text, ['users'], { nodes })).toBe(hidden);
  });

  it('takes the product’s own words for no user', () => {
    expect(hide('NVIDIA nvidia-smi 6.14.0-1013-nvidia nvidia@x /home/nvidia', ['users'])).toBe(
      'NVIDIA nvidia-smi 6.14.0-1013-nvidia <user-1>@x /home/<user-1>',
    );
  });

  it.each([
    ['alices-spark.local', '<host-1>.local'],
    ['ALICES-SPARK', '<host-1>'],
    ['ssh x@alices-spark', 'ssh x@<host-1>'],
    ['spark-1 and spark-2', '<host-1> and <host-2>'],
    ['printer.local', '<host-3>'],
    ['DGX Spark localhost', 'DGX Spark localhost'],
  ])('hosts: %s', (text, hidden) => {
    expect(hide(text, ['hostnames'], { nodes })).toBe(hidden);
  });

  it('knows the names in the comments of keys', () => {
    const facts = nodeFacts(0);
    const key = `ssh-ed25519 ${'A'.repeat(68)} carol@carols-laptop\nssh-ed25519 ${'B'.repeat(68)} twinspark@node`;
    if (!facts.ssh.known) throw new Error('known');
    const ssh = { ...facts.ssh.value, authorizedKeys: file(`${key}\n`) };
    const own = [source(0, { facts: nodeFacts(0, { ssh }) }), source(1)] as const;
    expect(hide('carol was on carols-laptop with twinspark', reportMasks, { nodes: own })).toBe(
      '<user-1> was on <host-3> with twinspark',
    );
  });
});

describe('the whole document', () => {
  it('is a report by its schema, and does not change words of ours', () => {
    const nodes = [
      source(0, { user: 'bench', name: 'iperf3' }),
      source(1, { user: 'network', name: 'done' }),
    ] as const;
    const made = makeReport(input({ nodes }), { mask: reportMasks });
    expect(reportSchema.parse(made)).toEqual(made);
    expect(made.benchmarks.map(({ request }) => request.tool)).toEqual(['iperf3', 'ib_write_bw']);
    expect(made.runs[0]?.stages[0]?.id).toBe('network');
  });

  it('hides what escape sequences and hidden characters keep apart', () => {
    const made = makeReport(
      saying('dora\u001b[0mthea and doro\u200bthea', { laptop: { users: ['dorathea'], hostnames: [] } }),
      {
        mask: ['users'],
      },
    );
    expect(JSON.stringify(made)).not.toMatch(/dorathea|dorothea/);
  });

  /** A small generator of our own: the same values in every run. */
  function numbers(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'holds no masked value, whatever it is (%i)',
    (seed) => {
      const next = numbers(seed + 1);
      const pick = (from: string, length: number) =>
        Array.from({ length }, () => from.charAt(next(from.length))).join('');
      const letters = 'bcdfghjklmnpqrstvwxz';
      const user = `${pick(letters, 6)}${pick(letters + '0123456789_', 3)}`;
      const host = `${pick(letters, 5)}-${pick('0123456789abcdef', 4)}`;
      const mac = Array.from({ length: 6 }, (_, at) => (at === 0 ? '30' : pick('0123456789abcdef', 2))).join(
        ':',
      );
      const lan = `10.${next(256)}.${next(256)}.${1 + next(254)}`;
      const global = `2a0${next(8)}:${pick('123456789abcdef', 4)}:${pick('123456789abcdef', 3)}::${pick('123456789abcdef', 4)}`;
      const serial = `MT${pick('0123456789', 4)}${pick('ABCDEFGHJKLMNPQRSTUVWXYZ', 6)}`;
      const eui = mac.split(':').map((byte) => Number.parseInt(byte, 16));
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = eui;
      const hex = (one: number, two: number) => ((one << 8) | two).toString(16);
      const id = `${hex(a ^ 2, b)}:${hex(c, 0xff)}:${hex(0xfe, d)}:${hex(e, f)}`;
      const between = [' ', '=', '"', '/', '@', '|', '`', '\n', ',', '<', '(', '_', '-', 'é', '한'];
      const glue = () => between[next(between.length)]!;
      const secrets = [user, host, mac, lan, global, serial];
      const said = Array.from(
        { length: 30 },
        () => `${glue()}${secrets[next(secrets.length)]!}${glue()}`,
      ).join(' ');
      const text = `Serial Number: ${serial}\n${said}\nfe80::${id} /home/${user}/x ${user}@${host}.local ${mac.toUpperCase()}`;
      const facts = nodeFacts(0, {
        hostname: host,
        account: account(user),
        accounts: [account(user)],
        links: [{ name: 'enP7s7', mac, mtu: 1500, enabled: true, up: true }],
        addresses: [address('enP7s7', `${lan}/16`), address('enP7s7', `${global}/64`)],
      });
      const nodes = [source(0, { name: host, host: `${host}.local`, user, facts }), source(1)] as const;
      const given = saying(text, { nodes });
      for (const format of reportFormats) {
        for (const words of [english, korean]) {
          // As a reader sees it: escapes of the formats taken out.
          const document = report({ format, mask: [...reportMasks] }, given, words)
            .replace(/\\(?=[^"u])/g, '')
            .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
            .toLowerCase();
          for (const secret of [...secrets, id]) expect(document).not.toContain(secret.toLowerCase());
          expect(document).toContain('user-1');
        }
      }
      // And the test sees them where nothing is masked.
      const open = report({ format: 'json', mask: [] }, given, english);
      for (const secret of secrets) expect(open).toContain(secret);
    },
  );
});
