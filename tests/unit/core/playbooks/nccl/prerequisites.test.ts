import { describe, expect, it } from 'vitest';
import { prerequisites } from '../../../../../src-main/core/playbooks/nccl/prerequisites';
import { account, names, unknown } from '../connect-two-sparks/builders';
import { isFirstLook, joined, ready, setup, type Setup } from './builders';

async function codes(given: Setup): Promise<string[]> {
  const found = await prerequisites.assess(setup(given).context);
  return found.status === 'blocked' ? found.blockers.map(({ cause }) => cause.code) : [found.status];
}
const says = (changes: Record<string, string>) => ({
  answer: ({ node, script }: { node: string; script: string }) =>
    isFirstLook(script) ? ready(node, node === names[1] ? changes : {}) : undefined,
});
const bothSay = (changes: Record<string, string>) => ({
  answer: ({ node, script }: { node: string; script: string }) =>
    isFirstLook(script) ? ready(node, changes) : undefined,
});
const release = (version: string) => ({
  release: { name: 'DGX Spark', version, build: null, platform: null },
});

describe('what NCCL takes for granted', () => {
  it('is fine on a pair that Connect Two Sparks has joined', async () => {
    const { context } = setup();
    const found = await prerequisites.assess(context);
    expect(found.status).toBe('satisfied');
    expect(context.shared.places?.[1]).toEqual({
      node: names[1],
      user: 'nvidia',
      group: 'nvidia',
      home: '/home/nvidia',
      folder: '/home/nvidia/twinspark-nccl',
      cudaHome: '/usr/local/cuda',
      triplet: 'aarch64-linux-gnu',
    });
    expect(context.shared.links.map(({ half }) => half)).toEqual(['a', 'b']);
  });

  it.each<[string, Setup, string]>([
    ['no GPU', { nodes: [{}, { gpus: [] }] }, 'nccl.prerequisites.no-gpu'],
    ['a driver that does not answer', { nodes: [{}, { gpus: unknown() }] }, 'nccl.prerequisites.no-gpu'],
    ['no compiler', says({ cuda: '' }), 'nccl.prerequisites.no-nvcc'],
    ['an old compiler', bothSay({ cuda: 'cuda 12.8 /usr/local/cuda' }), 'nccl.prerequisites.cuda-old'],
    ['another toolkit', says({ cuda: 'cuda 14.0 /usr/local/cuda' }), 'nccl.prerequisites.cuda-differs'],
    [
      'little memory',
      { nodes: [{}, { memory: { totalBytes: 128 * 1024 ** 3, availableBytes: 1024 ** 3 } }] },
      'nccl.prerequisites.memory',
    ],
    ['little room', says({ free: `free ${1024 ** 3}` }), 'nccl.prerequisites.disk'],
    ['a folder of somebody else', says({ folder: 'folder /home/nvidia/x' }), 'nccl.prerequisites.folder'],
    ['no addresses on the cable', { nodes: [{}, { addresses: [] }] }, 'nccl.prerequisites.no-link'],
    ['a login that asks', says({ login: 'login 255 Permission denied' }), 'nccl.prerequisites.no-login'],
    ['a login elsewhere', says({ login: 'login 0 other' }), 'nccl.prerequisites.no-login'],
    ['no answer at all', says({ login: '' }), 'nccl.prerequisites.no-login'],
    ['other releases', { nodes: [release('7.2.3'), release('7.5.0')] }, 'nccl.prerequisites.release-differs'],
    ['no sudo', { nodes: [{}, { sudo: 'denied' }] }, 'nccl.prerequisites.sudo'],
    ['two names', { nodes: [{}, { account: account('bob') }] }, 'nccl.prerequisites.users-differ'],
    [
      'root',
      { nodes: [{}, { account: account('root', { uid: 0, home: '/root' }) }] },
      'nccl.prerequisites.root',
    ],
    [
      'a fact that could not be read',
      { nodes: [{}, { ports: unknown() }] },
      'nccl.prerequisites.facts-missing',
    ],
  ])('stops at %s', async (_name, given, code) => {
    expect([...new Set(await codes(given))]).toEqual([code]);
  });

  it('takes an older compiler for another GPU, and other releases where the owner accepts them', async () => {
    const other = { ...says({ cuda: 'cuda 13.0 /opt/cuda' }), inputs: { 'prerequisites.release': 'accept' } };
    expect(await codes({ ...other, nodes: [release('7.2.3'), release('7.5.0')] })).toEqual(['satisfied']);
    const gencode = '-gencode=arch=compute_90,code=sm_90';
    const fourth = bothSay({ cuda: 'cuda 12.4 /usr/local/cuda' });
    expect(await codes({ ...fourth, inputs: { 'nccl.gencode': gencode } })).toEqual(['satisfied']);
  });

  it('tells of half a cable, and goes on with it', async () => {
    const { context } = setup({
      nodes: [{ addresses: joined(0).slice(0, 1) }, { addresses: joined(1).slice(0, 1) }],
    });
    const found = await prerequisites.assess(context);
    expect(found.status).toBe('satisfied');
    expect(found.notes.map(({ code }) => code)).toContain('nccl.prerequisites.one-half');
  });

  it('reads nothing else than what it asked for', async () => {
    const hostile = 'cuda 13.0 $(reboot)\nfolder yes\nfree x\nlogin zero\n';
    const { context } = setup({
      answer: ({ script }) => (isFirstLook(script) ? hostile : undefined),
    });
    const found = await prerequisites.assess(context);
    expect(found.status).toBe('blocked');
  });
});
