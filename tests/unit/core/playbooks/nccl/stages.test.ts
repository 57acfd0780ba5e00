import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { build } from '../../../../../src-main/core/change/build';
import { tree } from '../../../../../src-main/core/change/tree';
import type { TreeSpec } from '../../../../../src-main/core/change/tree-spec';
import { resolveInputs } from '../../../../../src-main/core/engine/inputs';
import { Failure } from '../../../../../src-main/core/failure';
import { environment } from '../../../../../src-main/core/playbooks/nccl/environment';
import { inputs } from '../../../../../src-main/core/playbooks/nccl/inputs';
import { prerequisites } from '../../../../../src-main/core/playbooks/nccl/prerequisites';
import { nccl, ncclTests } from '../../../../../src-main/core/playbooks/nccl/source';
import { verify } from '../../../../../src-main/core/playbooks/nccl/verify';
import { names } from '../connect-two-sparks/builders';
import { setup, type Answer, type Looked, type Setup } from './builders';

async function at(given: Setup = {}) {
  const { context, looks } = setup(given);
  expect((await prerequisites.assess(context)).status).toBe('satisfied');
  return { context, looks };
}

describe('the choices', () => {
  it.each([
    ['nccl.repository', 'https://me:secret@example.org/nccl'],
    ['nccl.repository', 'ext::sh -c reboot'],
    ['nccl.repository', '-o=x'],
    ['nccl.repository', 'https://example.org/a b'],
    ['nccl.version', '--upload-pack=reboot'],
    ['nccl.folder', '../etc'],
    ['nccl.folder', 'a/../../etc'],
    ['nccl.folder', '/'],
    ['nccl.folder', 'a;b'],
    ['nccl.gencode', '-gencode=arch=compute_121,code=sm_121 -ccbin /tmp/x'],
    ['nccl.commit', 'v2'],
    ['verify.size', '64G'],
  ])('refuse %s=%s', (key, value) => {
    expect(() => resolveInputs(inputs, { [key]: value })).toThrow(/BAD_INPUT/);
  });
  it.each([
    ['nccl.repository', 'ssh://git@mirror.local:2222/nvidia/nccl.git'],
    ['nccl.repository', 'file:///srv/git/nccl'],
    ['nccl.version', 'v2.30.7-1'],
    ['nccl.folder', '/data/nccl'],
    ['nccl.folder', 'src/.hidden'],
    ['nccl.gencode', '-gencode=arch=compute_90a,code=sm_90a -gencode=arch=compute_121,code=compute_121'],
  ])('take %s=%s', (key, value) => {
    expect(resolveInputs(inputs, { [key]: value })[key]).toBe(value);
  });
});

describe('sources', () => {
  it('come at the known commit, and are built beside the clone on both nodes at once', async () => {
    const { context } = await at();
    const found = await nccl.assess(context);
    if (found.status !== 'needed') throw new Error(found.status);
    expect(found.changes.map(({ id, kind, step }) => [id, kind, step])).toEqual(
      names.flatMap((node) => [
        [`nccl/${node}/folder`, 'directory', 0],
        [`nccl/${node}/tree`, 'tree', 1],
        [`nccl/${node}/build`, 'build', 2],
      ]),
    );
    const [, clone, made] = found.changes;
    expect(tree.spec.parse(clone?.spec)).toMatchObject({
      path: '/home/nvidia/twinspark-nccl/nccl',
      owner: 'nvidia',
      source: { ref: 'v2.28.9-1', commit: 'dbc86fd06e8b0c4517b95d8958a09ccacf9520c9' },
    });
    expect(build.spec.parse(made?.spec)).toMatchObject({
      path: '/home/nvidia/twinspark-nccl/nccl-build',
      targets: ['src.build'],
      variables: { NVCC_GENCODE: '-gencode=arch=compute_121,code=sm_121', CUDA_HOME: '/usr/local/cuda' },
    });
  });

  it('of a mirror or another version are not held against the release’s commit', async () => {
    const { context } = await at({ inputs: { 'nccl.version': 'v2.30.7-1' } });
    const found = await nccl.assess(context);
    if (found.status !== 'needed') throw new Error(found.status);
    expect((found.changes[1]?.spec as TreeSpec).source).not.toHaveProperty('commit');
  });

  it('of the tests are linked with the NCCL of the stage before', async () => {
    const { context } = await at();
    const found = await ncclTests.assess(context);
    if (found.status !== 'needed') throw new Error(found.status);
    expect(found.changes.find(({ kind }) => kind === 'build')?.spec).toMatchObject({
      variables: {
        MPI: '1',
        MPI_HOME: '/usr/lib/aarch64-linux-gnu/openmpi',
        NCCL_HOME: '/home/nvidia/twinspark-nccl/nccl-build',
      },
    });
  });

  it('do not go where something else is, and another folder decides it', async () => {
    const foreign = 'directory 755 1000 1000\nm 0000  ./thesis\nend .\n';
    const answer = ({ node, script }: Looked): Answer | undefined =>
      node === names[1] && script.includes('--porcelain') ? foreign : undefined;
    const { context } = await at({ answer });
    const found = await nccl.assess(context);
    if (found.status !== 'blocked') throw new Error(found.status);
    expect(found.blockers).toMatchObject([
      {
        node: names[1],
        cause: { code: 'nccl.source.occupied', params: { path: '/home/nvidia/twinspark-nccl/nccl' } },
        decide: { input: 'nccl.folder', values: ['twinspark-nccl-2'] },
      },
    ]);
  });

  it('are in place only when it is this version that is there', async () => {
    const head = 'a'.repeat(40);
    const clone = `directory 755 1000 1000\nm 00  ./Makefile\nhead ${head}\nfetched ${head}\nend .\n`;
    const ofVersion =
      (version: string) =>
      ({ script }: Looked): Answer | undefined => {
        if (script.includes('FETCH_HEAD')) return `${head}\t\ttag '${version}' of https://x\n`;
        return script.includes('--porcelain') ? clone : undefined;
      };
    const wanted = { 'nccl.version': 'v3.0' };
    const same = await at({ inputs: wanted, answer: ofVersion('v3.0') });
    expect((await nccl.assess(same.context)).status).toBe('needed');
    const other = await at({ inputs: wanted, answer: ofVersion('v3.0.1') });
    expect((await nccl.assess(other.context)).status).toBe('blocked');
  });
});

describe('the environment', () => {
  const gids = (address: string) =>
    `gid rocep1s0f1 3 0000:0000:0000:0000:0000:ffff:${address}\ngid roceP2p1s0f1 3 0000:0000:0000:0000:0000:ffff:${address.replace('64', '65')}\n`;
  it('names ports, devices and GID of each node', async () => {
    const { context } = await at({
      answer: ({ node, script }) =>
        script.includes('gid_attrs') ? gids(node === names[0] ? 'c0a8:640a' : 'c0a8:640b') : undefined,
      nodes: [{ addresses: two('10') }, { addresses: two('11') }],
    });
    const found = await environment.assess(context);
    if (found.status !== 'needed') throw new Error(found.status);
    const [first] = found.changes;
    expect(first).toMatchObject({
      kind: 'file',
      spec: { path: '/home/nvidia/twinspark-nccl.sh', owner: 'nvidia' },
    });
    const { content } = first?.spec as { content: string };
    for (const line of [
      'export NCCL_HOME=/home/nvidia/twinspark-nccl/nccl-build',
      'export NCCL_TESTS_HOME=/home/nvidia/twinspark-nccl/nccl-tests-build',
      'export NCCL_SOCKET_IFNAME=enp1s0f1np1',
      'export NCCL_IB_HCA=rocep1s0f1,roceP2p1s0f1',
      'export NCCL_IB_GID_INDEX=3',
      'export UCX_NET_DEVICES=rocep1s0f1:1,roceP2p1s0f1:1',
    ])
      expect(content.split('\n')).toContain(line);
  });
  it('leaves the GID out where none was found', async () => {
    const { context } = await at({ answer: ({ script }) => (script.includes('gid_attrs') ? '' : undefined) });
    const found = await environment.assess(context);
    expect(found.notes.map(({ code }) => code)).toContain('nccl.environment.no-gid');
  });
});

function two(host: string) {
  return [100, 101].map((net, index) => ({
    interface: index === 0 ? 'enp1s0f1np1' : 'enP2p1s0f1np1',
    family: 'inet' as const,
    address: `192.168.${net}.${host}`,
    prefix: 24,
    scope: 'global',
    dynamic: false,
  }));
}

describe('the proof', () => {
  const measuring = (answer: Answer) => ({
    answer: ({ script }: Looked) => (script.includes('mpirun') ? answer : undefined),
  });
  const good = readFileSync(
    new URL('../../../../fixtures/benchmarks/all_gather_perf_16G_dell_22.96.txt', import.meta.url),
    'utf8',
  );
  const slow = good.replace(/\b22\.9\d\b/g, '3.01').replace(/\b45\.\d\d\b/g, '6.02');

  it('tells the figure of a healthy pair', async () => {
    const { context, looks } = await at(measuring(good));
    const found = await verify.verify?.(context);
    expect(found).toMatchObject({ ok: true, causes: [] });
    expect(found?.notes[0]?.code).toBe('nccl.verify.measured');
    // 120 GiB are free: NVIDIA's own size fits.
    expect(looks.at(-1)?.script).toContain(`-b ${16 * 1024 ** 3} -e ${16 * 1024 ** 3}`);
  });
  it('fails with cause and remedy where the data went over TCP', async () => {
    const { context } = await at(measuring(slow));
    const found = await verify.verify?.(context);
    expect(found?.ok).toBe(false);
    expect(found?.causes.map(({ cause }) => cause.code)).toContain('bench.cause.tcp-fallback');
  });
  it.each([
    ['Permission denied (publickey).', 'nccl.cause.mpi-ssh'],
    ['error while loading shared libraries: libnccl.so.2', 'nccl.cause.missing'],
    ['lp0 on fire', 'nccl.cause.unexplained'],
  ])('says what %j means', async (stdout, cause) => {
    const { context } = await at(measuring({ stdout, code: 1 }));
    const found = await verify.verify?.(context);
    expect(found).toMatchObject({ ok: false, evidence: stdout });
    expect(found?.causes[0]?.cause.code).toBe(cause);
  });
  it('does not wait for ever, nor keep a plan from being made', async () => {
    const hangs = new Failure('COMMAND_TIMEOUT', {});
    const { context } = await at({
      answer: ({ script }) => {
        if (script.includes('mpirun')) throw hangs;
        return undefined;
      },
    });
    for (const stage of ['packages', 'nccl', 'nccl-tests', 'environment']) context.shared.settled.add(stage);
    expect(await verify.assess(context)).toMatchObject({ status: 'needed', changes: [] });
    const found = await verify.verify?.(context);
    expect(found?.causes.map(({ cause }) => cause.code)).toEqual(['nccl.cause.waits']);
  });
  it('takes a size that fits, and says so', async () => {
    const memory = { totalBytes: 128 * 1024 ** 3, availableBytes: 20 * 1024 ** 3 };
    const { context, looks } = await at({
      ...measuring(good),
      nodes: [{ memory }, {}],
      inputs: { 'verify.size': '16G' },
    });
    const found = await verify.verify?.(context);
    expect(found?.notes[0]?.code).toBe('nccl.verify.smaller');
    expect(looks.at(-1)?.script).toContain(`-b ${4 * 1024 ** 3} `);
  });
  it('measures nothing where nothing is to be measured', async () => {
    const { context, looks } = await at({ inputs: { 'verify.size': 'none' } });
    expect(await verify.verify?.(context)).toMatchObject({ ok: true });
    expect(looks.some(({ script }) => script.includes('mpirun'))).toBe(false);
  });
  it('waits for what it would measure', async () => {
    const { context } = await at();
    expect(await verify.assess(context)).toMatchObject({ status: 'needed', changes: [] });
  });
});
