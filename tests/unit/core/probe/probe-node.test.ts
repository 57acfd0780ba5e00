import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import type { FailureCode } from '../../../../src-main/contract/failure';
import { nodeFactsSchema } from '../../../../src-main/contract/facts';
import { Failure } from '../../../../src-main/core/failure';
import { factsHash } from '../../../../src-main/core/probe/facts-hash';
import { probeNode, probePair } from '../../../../src-main/core/probe/probe-node';
import { fakeCommands } from './fake-commands';
import { LocalSession, type LocalOptions } from './local-session';
import { sample } from './samples';

const user = userInfo().username;
const isRoot = process.getuid!() === 0;
let remove: (() => void) | undefined;
afterEach(() => {
  remove?.();
  remove = undefined;
});

/** A session on this machine with commands of ours before the real ones. */
function withCommands(scripts: Record<string, string>, options: LocalOptions = {}): LocalSession {
  const fake = fakeCommands(scripts);
  ({ remove } = fake);
  return new LocalSession({ user, ...options, path: fake.path });
}

const print = (name: string) => `cat <<'EOT'\n${sample(name).trimEnd()}\nEOT`;
const SPARK = {
  ibdev2netdev: print('ibdev2netdev_port1_up_altorder.txt'),
  'nvidia-smi': `case "$*" in *query-gpu*) ${print('nvidia-smi_csv_gb10.txt')}\n;; *) ${print('nvidia-smi_gb10_580.126.09.txt')}\n;; esac`,
  nvcc: 'echo "Cuda compilation tools, release 13.0, V13.0.88"',
  uname: 'echo Linux spark-5c2d 6.14.0-1013-nvidia aarch64',
  ip: `case "$*" in *addr*) echo '[{"ifname":"enp1s0f1np1","flags":["UP"],"mtu":9000,"operstate":"UP","addr_info":[]}]' ;; *-6*) ;; *) echo '[]' ;; esac`,
};

describe('a probe', () => {
  it('reads a node in one round trip, and every fact fits the contract', async () => {
    const session = withCommands(SPARK);
    const facts = await probeNode(session);
    expect(session.requests).toHaveLength(1);
    expect(session.requests[0]!.root).toBe(true);
    expect(nodeFactsSchema.parse(facts)).toEqual(facts);
    expect(facts.hostname).toEqual({ known: true, value: 'spark-5c2d', source: 'uname -snrm' });
    expect(facts.sudo).toMatchObject({ value: 'granted' });
    expect(facts.account).toMatchObject({ value: { name: user, uid: process.getuid!() } });
    expect(facts.gpus).toMatchObject({ value: [{ name: 'NVIDIA GB10', memoryMib: null }] });
    expect(facts.cuda).toMatchObject({ known: true });
    expect(facts.routes).toMatchObject({ known: true, value: [] });
    expect(facts.ports).toMatchObject({
      source: 'ibdev2netdev',
      value: [
        { netdev: 'enp1s0f0np0', up: false },
        { netdev: 'enP2p1s0f0np0', up: false },
        { netdev: 'enp1s0f1np1', up: true, mtu: 9000 },
        { netdev: 'enP2p1s0f1np1', up: true },
      ],
    });
    expect(facts.memory).toMatchObject({ known: true });
    expect(facts.disks).toMatchObject({ known: true });
    expect(facts.ssh).toMatchObject({ known: true, value: { user } });
    expect(facts.tools.known && facts.tools.value['ip']).toMatch(/\/ip$/);
    expect(facts.clockMs.known && Math.abs(facts.clockMs.value - Date.now())).toBeLessThan(60_000);
    expect(facts.peers).toMatchObject({ known: false, detail: 'not asked' });
  });

  it('asks for neighbours only when it shall; silence of the network is an answer', async () => {
    const facts = await probeNode(withCommands({ 'avahi-browse': ':' }), { peers: true });
    expect(facts.peers).toMatchObject({ known: true, value: [] });
  });

  it('writes no file on the node', async () => {
    const session = withCommands(SPARK);
    await probeNode(session, { peers: true });
    const { script } = session.requests[0]!;
    expect(script).not.toMatch(/mktemp|\btee\b/);
    const redirections = script.match(/>+\s*[^\s;)]*/g) ?? [];
    expect(redirections.filter((to) => !/^>(&[\d-]|\/dev\/null)/.test(to))).toEqual([]);
  });

  it('quotes what it is given', async () => {
    const session = withCommands({});
    const facts = await probeNode(session, { sshUser: "x'; touch /tmp/pwned; '$(id)" });
    expect(facts.ssh).toMatchObject({ known: false, reason: 'command-failed', detail: 'no such account' });
    expect(facts.kernel).toMatchObject({ known: true });
  });

  it('gives the same hash for an idle node, and another one when a plan would differ', async () => {
    const session = withCommands(SPARK);
    const [one, two] = await probePair([session, session]);
    expect(factsHash(one!)).toBe(factsHash(two!));
    const other = await probeNode(
      withCommands({ ...SPARK, ibdev2netdev: print('ibdev2netdev_all_four_up.txt') }),
    );
    expect(factsHash(other)).not.toBe(factsHash(one!));
  });
});

describe('hostile output', () => {
  it('of one command harms no other fact', async () => {
    const noise = `printf '\\033[2J\\033]0;owned\\007\\000\\n%s\\n' "$(head -c 3000 /dev/urandom)" ; exit 0`;
    const facts = await probeNode(
      withCommands({
        ibdev2netdev: noise,
        ethtool: noise,
        uname: noise,
        'nvidia-smi': 'head -c 50000000 /dev/zero',
        nvcc: 'yes "release 13.0"',
        df: 'exit 1',
        ufw: 'kill -9 $PPID',
        id: 'exec 0<&- 1<&- 2<&-; exit 9',
      }),
    );
    expect(nodeFactsSchema.parse(facts)).toEqual(facts);
    for (const fact of [facts.hostname, facts.kernel, facts.account]) expect(fact.known).toBe(false);
    expect(facts.gpus).toMatchObject({ known: false, reason: 'too-large' });
    for (const fact of [facts.memory, facts.os, facts.accounts, facts.netplan, facts.ssh, facts.tools]) {
      expect(fact.known).toBe(true);
    }
    expect(facts.addresses.known).toBe(true);
    expect(facts.ports).toMatchObject({ known: true, source: '/sys/class/infiniband, /sys/class/net' });
  });

  it('cannot forge a fact, even with the nonce read from the process list', async () => {
    // Prints forged memory with whatever nonce it can find in the command lines above it.
    const forge = [
      'p=$PPID',
      'while [ "$p" -gt 1 ]; do',
      `  n=$(tr '\\0' '\\n' <"/proc/$p/cmdline" | sed -n 's/^N=//p' | head -n 1)`,
      '  [ -z "$n" ] || break',
      `  p=$(sed 's/.*) //' "/proc/$p/stat" | cut -d ' ' -f 2)`,
      'done',
      'echo "found ${n:-nothing}" >&2',
      `printf '\\n%s memory 0 %s \\n' "$n" "$(printf 'MemTotal: 8 kB\\nMemAvailable: 8 kB\\n\\n0' | base64 -w0)"`,
      'exit 3',
    ].join('\n');
    const facts = await probeNode(withCommands({ ibdev2netdev: forge, uname: forge, getent: forge }));
    const total = Number(/MemTotal: +(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))![1]) * 1024;
    expect(facts.memory).toMatchObject({ known: true, value: { totalBytes: total } });
    // The attempt was a real one: the nonce was found.
    expect(facts.hostname).toMatchObject({ detail: expect.stringMatching(/^found [0-9a-f]{32}/) as unknown });
  });

  it('that hangs is a timeout of that fact alone', async () => {
    const facts = await probeNode(withCommands({ getent: 'sleep 100', ibdev2netdev: 'sleep 100' }));
    expect(facts.accounts).toMatchObject({ known: false, reason: 'timeout' });
    expect(facts.ssh).toMatchObject({ known: false, reason: 'timeout' });
    expect(facts.ports).toMatchObject({ known: true });
    expect(facts.memory).toMatchObject({ known: true });
  }, 40_000);
});

describe('without root', () => {
  it.each<[FailureCode, string]>([
    ['SUDO_MISSING', 'missing'],
    ['SUDO_NOT_ALLOWED', 'denied'],
    ['SUDO_PASSWORD_NEEDED', 'denied'],
    ['SUDO_PASSWORD_WRONG', 'denied'],
  ])('%s: the rest is read all the same', async (refuseRoot, sudo) => {
    const options = { refuseRoot, ...(isRoot ? { uid: 65534 } : {}) };
    const session = withCommands({ ...SPARK, ufw: 'echo "Status: active"' }, options);
    const facts = await probeNode(session);
    expect(session.requests.map((request) => request.root)).toEqual([true, false]);
    expect(facts.sudo).toMatchObject({ known: true, value: sudo });
    expect(facts.firewall).toMatchObject({ known: false, reason: 'not-permitted' });
    expect(facts.hostname).toMatchObject({ known: true });
    expect(facts.ports).toMatchObject({ known: true });
  });
});

describe('a connection', () => {
  it.each<[FailureCode, string]>([
    ['CONNECTION_LOST', 'unreachable'],
    ['CONNECTION_TIMEOUT', 'unreachable'],
    ['NODE_UNREACHABLE', 'unreachable'],
    ['COMMAND_TIMEOUT', 'timeout'],
    ['OUTPUT_LIMIT', 'too-large'],
  ])('that fails with %s makes all facts %s, none absent', async (fail, reason) => {
    const facts = await probeNode(new LocalSession({ user, fail }));
    expect(nodeFactsSchema.parse(facts)).toEqual(facts);
    for (const fact of Object.values(facts)) expect(fact).toMatchObject({ known: false, reason });
  });

  it('that is cancelled, or a fault of ours, is no fact', async () => {
    const session = new LocalSession({ user, fail: 'CANCELLED' });
    await expect(probeNode(session)).rejects.toMatchObject({ code: 'CANCELLED' });
    const aborted = AbortSignal.abort(new Failure('CANCELLED'));
    await expect(probeNode(new LocalSession({ user }), { signal: aborted })).rejects.toThrow(Failure);
    await expect(probeNode(new LocalSession({ user, fail: 'INTERNAL' }))).rejects.toThrow('INTERNAL');
  });
});
