import { describe, expect, test } from 'vitest';
import type { Inputs } from '../../../src-main/core/engine/playbook';
import { engineOnPractice } from './engine';
import { snapshot } from './snapshot';

/** An upper bound against a hang; a whole round takes some seconds. */
const limit = 120_000;

describe('playbooks that install and build, on the practice pair', () => {
  async function joined() {
    const { cluster, open } = await engineOnPractice();
    const pair = await open();
    expect(await pair.apply(await pair.plan('connect-two-sparks', {}))).toMatchObject({ outcome: 'done' });
    const look = () => Promise.all(cluster.nodes.map(snapshot));
    const sh = async (script: string, root = false) => {
      const results = await Promise.all(pair.sessions.map((session) => session.exec({ script, root })));
      return results.map(({ stdout, stderr, code }) => `${stdout}${stderr}${code ?? ''}`);
    };
    return { pair, look, sh };
  }

  type Joined = Awaited<ReturnType<typeof joined>>;

  async function round({ pair, look }: Joined, playbook: string, inputs: Inputs, check: () => Promise<void>) {
    const before = await look();
    const prepared = await pair.plan(playbook, inputs);
    expect(prepared.plan.stages.flatMap(({ blockers }) => blockers)).toEqual([]);
    const applied = await pair.apply(prepared);
    expect(applied).toMatchObject({ outcome: 'done', unfinished: false });
    await check();
    const verified = await pair.verify(playbook, inputs);
    expect(verified.filter(({ verification }) => !verification.ok)).toEqual([]);
    const again = await pair.apply(await pair.plan(playbook, inputs));
    expect(again).toMatchObject({ outcome: 'nothing-to-do', changes: 0 });
    const back = await pair.rollBack(applied.run ?? '');
    expect(back).toMatchObject({ outcome: 'rolled-back', drifted: [], failed: [] });
    expect(await look()).toEqual(before);
    return { applied, verified };
  }

  test(
    'benchmark tools: what is missing comes and goes, and what is left out stays out',
    async () => {
      const here = await joined();
      const { pair, sh } = here;
      const without = await pair.plan('benchmark-tools', { 'packages.ucx-utils': 'skip' });
      expect(await pair.apply(without)).toMatchObject({ outcome: 'nothing-to-do', changes: 0 });
      await round(here, 'benchmark-tools', {}, async () => {
        expect(await sh('command -v ucx_perftest')).toEqual(Array(2).fill('/usr/bin/ucx_perftest\n0'));
        expect(await sh('apt-mark showauto')).toEqual(Array(2).fill('libucx0\n0'));
      });
    },
    limit,
  );

  test(
    'nccl: fetched, built, set up, measured and taken back to the byte; a version that is not there leaves nothing',
    async () => {
      const here = await joined();
      const { pair, sh } = here;
      const { applied } = await round(here, 'nccl', { 'verify.size': '16G' }, async () => {
        for (const text of await sh('cat ~/twinspark-nccl.sh; ls ~/twinspark-nccl')) {
          expect(text).toContain('export NCCL_SOCKET_IFNAME=enp1s0f1np1');
          expect(text).toContain('export NCCL_IB_HCA=rocep1s0f1,roceP2p1s0f1');
          expect(text).toMatch(/^export NCCL_IB_GID_INDEX=\d+$/m);
          expect(text).toContain('nccl\nnccl-build\nnccl-tests\nnccl-tests-build\n');
        }
        expect(await sh('. ~/twinspark-nccl.sh; test -x "$NCCL_TESTS_HOME/all_gather_perf"')).toEqual([
          '0',
          '0',
        ]);
      });
      const [measured] = applied.notes.flatMap(({ stage, notes }) => (stage === 'verify' ? notes : []));
      expect(measured).toMatchObject({ code: 'nccl.verify.measured', params: { size: '16 GiB' } });
      expect(measured?.params['gbytes']).toBeGreaterThan(21.875);

      const failed = await pair.apply(await pair.plan('nccl', { 'nccl.version': 'nonsense' }));
      expect(failed).toMatchObject({ outcome: 'failed', unfinished: false });
      expect(failed.failure?.causes?.[0]?.cause.code).toBe('change.cause.no-revision');
      expect(await sh('ls -d ~/twinspark-nccl 2>/dev/null || :')).toEqual(['0', '0']);
      const back = await pair.rollBack(failed.run ?? '');
      expect(back).toMatchObject({ outcome: 'rolled-back' });
    },
    limit,
  );

  test(
    'nccl: what Connect Two Sparks has not made yet is asked for, not made',
    async () => {
      const { open } = await engineOnPractice();
      const pair = await open();
      const { plan } = await pair.plan('nccl', {});
      const codes = plan.stages.flatMap(({ blockers }) => blockers.map(({ cause }) => cause.code));
      expect(codes).toEqual(['nccl.prerequisites.no-link']);
    },
    limit,
  );
});
