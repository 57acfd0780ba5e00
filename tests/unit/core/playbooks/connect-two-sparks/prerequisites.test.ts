import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../../../src-main/contract/facts';
import { prerequisites } from '../../../../../src-main/core/playbooks/connect-two-sparks/prerequisites';
import { facts, NOW, setup, unknown, type Overrides } from './builders';

async function blockersOf(first: Overrides, second: Overrides = {}) {
  const assessment = await prerequisites.assess(setup({ nodes: [first, second] }).context);
  return assessment.status === 'blocked' ? assessment.blockers.map(({ cause }) => cause.code) : [];
}
async function notesOf(first: Overrides, second: Overrides = {}) {
  const assessment = await prerequisites.assess(setup({ nodes: [first, second] }).context);
  return { status: assessment.status, codes: assessment.notes.map(({ code }) => code) };
}
function value<T>(fact: Fact<T>): T {
  if (!fact.known) throw new Error('unknown');
  return fact.value;
}

describe('prerequisites', () => {
  it('is satisfied by two Sparks as they come', async () => {
    expect(await notesOf({})).toEqual({
      status: 'satisfied',
      codes: ['connect.prerequisites.machine', 'connect.prerequisites.machine'],
    });
  });

  const disk = { mount: '/', sizeBytes: 10 ** 12, availableBytes: 10 ** 11, readOnly: false };
  it.each<[string, Overrides, string]>([
    ['no sudo right', { sudo: 'denied' }, 'sudo-denied'],
    ['no sudo', { sudo: 'missing' }, 'sudo-missing'],
    ['sudo unknown', { sudo: unknown() }, 'sudo-unknown'],
    ['full disk', { disks: [{ ...disk, availableBytes: 1024 ** 3 - 1 }] }, 'disk-full'],
    ['read-only root', { disks: [{ ...disk, readOnly: true }] }, 'read-only'],
    ['read-only /etc', { disks: [disk, { ...disk, mount: '/etc', readOnly: true }] }, 'read-only'],
    ['clock ahead of the other node', { clockMs: NOW + 61_000 }, 'clocks-differ'],
    ['no netplan', { tools: { ip: '/', ping: '/', ssh: '/', 'ssh-keygen': '/' } }, 'tool-missing'],
    ['same name', { hostname: 'SPARK-BD26' }, 'same-hostname'],
    [
      'same host key',
      { ssh: { ...value(facts(0).ssh), hostKeys: value(facts(1).ssh).hostKeys } },
      'same-host-key',
    ],
    ['same machine', { links: value(facts(1).links) }, 'same-machine'],
    ['unreachable', { hostname: { ...unknown(), reason: 'unreachable' } }, 'unreachable'],
  ])('blocks: %s', async (_, over, code) => {
    expect(await blockersOf(over)).toEqual([`connect.prerequisites.${code}`]);
  });

  it('blocks when both clocks differ from this computer', async () => {
    const clock = { clockMs: NOW - 90_000 };
    expect(await blockersOf(clock, clock)).toEqual([
      'connect.prerequisites.clock-off',
      'connect.prerequisites.clock-off',
    ]);
  });

  it('accepts a read-only mount that nothing is written to', async () => {
    expect(await blockersOf({ disks: [disk, { ...disk, mount: '/snap/core', readOnly: true }] })).toEqual([]);
  });

  it('notes differences and goes on', async () => {
    const { status, codes } = await notesOf(
      { release: unknown(), kernel: { release: '6.11', arch: 'aarch64' } },
      { os: { id: 'ubuntu', version: '24.04', name: 'Ubuntu 24.04.2 LTS' } },
    );
    expect(status).toBe('satisfied');
    expect(codes).toEqual(
      expect.arrayContaining([
        'connect.prerequisites.release-missing',
        'connect.prerequisites.os-differs',
        'connect.prerequisites.kernel-differs',
      ]),
    );
  });

  it('refuses a host name that a configuration file would read as something else', async () => {
    for (const hostname of ['spark;reboot', '*', 'a b', 'x\nHost *', '-oProxyCommand=x', '$(id)'])
      expect(await blockersOf({ hostname })).toEqual(['connect.bad-hostname']);
  });
});
