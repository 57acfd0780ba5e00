import { describe, expect, test } from 'vitest';
import { faultIds, type FaultId } from '../../../src-main/practice/machine/faults';
import { engineOnPractice } from './engine';
import { snapshot } from './snapshot';

/** An upper bound against a hang. */
const limit = 120_000;

/** What a fault is told as: a failure of the login, a blocker of a stage, a cause of a failed verification, or a note. */
const told: Record<FaultId, { login?: string; blocker?: string; cause?: string; note?: string }> = {
  'cable-out': { blocker: 'connect.cable.no-carrier-both' },
  'half-out': { blocker: 'connect.cable.one-half' },
  'slow-link': { cause: 'connect.cause.replug-state' },
  // What these do shows only in a benchmark.
  'two-lanes': {},
  'same-half': {},
  'wrong-way': {},
  'no-rdma': {},
  'lossy-cable': {},
  'swapped-ports': { note: 'connect.cable.mixed-ports' },
  'wrong-password': { login: 'LOGIN_REFUSED' },
  'no-sudo': { blocker: 'connect.prerequisites.sudo-denied' },
  'foreign-netplan': { blocker: 'connect.network.foreign-files' },
  'full-disk': { blocker: 'connect.prerequisites.disk-full' },
  'sshd-down': { login: 'NODE_UNREACHABLE' },
  'host-key-changed': { login: 'HOST_KEY_CHANGED' },
  'release-differs': { note: 'connect.prerequisites.release-differs' },
  'clock-off': { blocker: 'connect.prerequisites.clocks-differ' },
  'mtu-mismatch': { cause: 'connect.cause.switch-mtu' },
};

describe('each fault is told with its cause and its remedy, and is gone when it is switched off', () => {
  test.each(faultIds)(
    '%s',
    async (id) => {
      const { pair, open } = await engineOnPractice();
      const wanted = told[id];
      pair.setFault(id, true);
      expect(pair.faults.filter(({ on }) => on)).toEqual([{ id, on: true }]);
      if (wanted.login === undefined) await toldInPlan(open, wanted);
      else await expect(open()).rejects.toMatchObject({ code: wanted.login });

      pair.setFault(id, false);
      const healthy = await (await open()).plan('connect-two-sparks', {});
      expect(healthy.plan.stages.flatMap(({ blockers }) => blockers)).toEqual([]);
      const notes = healthy.plan.stages.flatMap((stage) => stage.notes.map(({ code }) => code));
      expect(notes).not.toContain(wanted.note ?? '');
    },
    limit,
  );
});

async function toldInPlan(
  open: Awaited<ReturnType<typeof engineOnPractice>>['open'],
  { blocker, cause, note }: (typeof told)[FaultId],
): Promise<void> {
  const opened = await open();
  const prepared = await opened.plan('connect-two-sparks', {});
  const { stages } = prepared.plan;
  const blockers = stages.flatMap((stage) => stage.blockers);
  expect(blockers.map((one) => one.cause.code)).toEqual(blocker === undefined ? [] : [blocker]);
  expect(blockers.map((one) => one.remedy.code)).toEqual(blocker === undefined ? [] : [`${blocker}.remedy`]);
  if (note !== undefined) {
    expect(stages.flatMap((stage) => stage.notes.map(({ code }) => code))).toContain(note);
  }
  if (cause === undefined) return;
  const applied = await opened.apply(prepared);
  expect(applied).toMatchObject({ outcome: 'failed', unfinished: false, failure: { code: 'VERIFY_FAILED' } });
  const [first] = applied.failure?.causes ?? [];
  expect(first).toMatchObject({ cause: { code: cause }, remedy: { code: `${cause}.remedy` } });
  const back = await opened.rollBack(applied.run ?? '');
  expect(back).toMatchObject({ drifted: [], failed: [] });
}

test('a reset brings the machines back, cuts what is connected, and switches all faults off', async () => {
  const { cluster, pair, open } = await engineOnPractice();
  const before = await Promise.all(cluster.nodes.map(snapshot));
  const opened = await open();
  const script = 'useradd -m mallory && echo x >/etc/netplan/90-x.yaml && ip link set dev enp1s0f1np1 down';
  await Promise.all(opened.sessions.map((session) => session.exec({ script, root: true })));
  pair.setFault('cable-out', true);
  pair.setFault('sshd-down', true);
  expect(await Promise.all(cluster.nodes.map(snapshot))).not.toEqual(before);

  pair.reset();
  await expect.poll(() => opened.sessions.every(({ lost }) => lost.aborted)).toBe(true);
  expect(pair.faults.every(({ on }) => !on)).toBe(true);
  const after = await Promise.all(cluster.nodes.map(snapshot));
  expect(after.map(withoutSalts)).toEqual(before.map(withoutSalts));
  await open();
});

/** The same password and the same host key are written down with other random numbers. */
function withoutSalts(seen: Record<string, string>): Record<string, string> {
  return { ...seen, '/etc/shadow': '', '/etc/ssh/ssh_host_ed25519_key': '' };
}
