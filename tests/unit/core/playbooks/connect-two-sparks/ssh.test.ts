import { describe, expect, it } from 'vitest';
import { block } from '../../../../../src-main/core/change/block';
import { blockText } from '../../../../../src-main/core/change/block-text';
import type { Change } from '../../../../../src-main/core/change/kind';
import { directory } from '../../../../../src-main/core/change/directory';
import { keypair } from '../../../../../src-main/core/change/keypair';
import { ssh } from '../../../../../src-main/core/playbooks/connect-two-sparks/ssh';
import type { Shared } from '../../../../../src-main/core/playbooks/connect-two-sparks/shared';
import {
  facts,
  file,
  names,
  port1Links,
  setup,
  unknown,
  type Overrides,
  type Setup,
  type Value,
} from './builders';

const work = { name: 'nvidia', home: '/home/nvidia', group: 'nvidia', exists: true };
const keyPath = '/home/nvidia/.ssh/id_ed25519_twinspark';
const publicKeys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKeyA', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKeyB'];

function shared(over: Partial<Shared> = {}): Partial<Shared> {
  const links = port1Links().map((link, half) => ({
    ...link,
    subnet: `192.168.10${half}.0/24`,
    addresses: [`192.168.10${half}.10`, `192.168.10${half}.11`] as const,
    required: true,
  }));
  return { accounts: [work, work], links, network: { method: 'static', mtu: null, links }, ...over };
}

async function assess(given: Setup) {
  const { context, looks } = setup({ ...given, shared: { ...shared(), ...given.shared } });
  const assessment = await ssh.assess(context);
  return {
    context,
    looks,
    assessment,
    changes: assessment.status === 'needed' ? assessment.changes : [],
    blockers: assessment.status === 'blocked' ? assessment.blockers.map(({ cause }) => cause.code) : [],
    codes: assessment.notes.map(({ code }) => code),
  };
}

function sshFacts(node: 0 | 1, over: Partial<Value<'ssh'>> = {}): Overrides {
  const base = facts(node).ssh;
  if (!base.known) throw new Error('unknown');
  return { ssh: { ...base.value, ...over } };
}
const key = (node: 0 | 1, over: Partial<Value<'ssh'>['keys'][number]> = {}) => ({
  path: keyPath,
  type: 'ssh-ed25519',
  fingerprint: 'SHA256:x',
  publicKey: publicKeys[node]!,
  hasPrivate: true,
  ...over,
});
const blockOf = (changes: readonly Change[], node: string, name: string) => {
  const { spec } = changes.find(({ id }) => id === `ssh/${node}/${name}`)!;
  return blockText('connect-two-sparks', block.spec.parse(spec).parts) ?? '';
};

describe('ssh, a key for each node', () => {
  it('makes keys before it hands their public halves over', async () => {
    const { changes } = await assess({});
    const order = changes.filter(({ node }) => node === names[0]).map(({ kind, step }) => `${step} ${kind}`);
    expect(order).toEqual(['0 directory', '1 keypair', '3 block', '3 block', '3 block']);
    const schemas = { directory: directory.spec, keypair: keypair.spec, block: block.spec };
    for (const { kind, spec } of changes)
      expect(schemas[kind as keyof typeof schemas].safeParse(spec).error).toBeUndefined();
    const authorized = changes.find(({ id }) => id === `ssh/${names[0]}/authorized_keys`)?.spec;
    expect(authorized).toMatchObject({
      parts: [
        { kind: 'local-file', path: `${keyPath}.pub` },
        { kind: 'peer-file', node: names[1], path: `${keyPath}.pub` },
      ],
    });
  });

  it('writes both machines into known_hosts and config, under every name', async () => {
    const { changes } = await assess({});
    expect(blockOf(changes, names[0], 'known_hosts')).toBe(`# BEGIN twinspark connect-two-sparks
spark-5c2d,spark-5c2d.local,192.168.100.10,192.168.101.10 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHost0
spark-bd26,spark-bd26.local,192.168.100.11,192.168.101.11 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHost1
# END twinspark connect-two-sparks
`);
    expect(blockOf(changes, names[0], 'config')).toBe(`# BEGIN twinspark connect-two-sparks
Host spark-5c2d spark-5c2d.local
    HostName 192.168.100.10
Host spark-5c2d spark-5c2d.local 192.168.100.10 192.168.101.10
    User nvidia
    IdentityFile ~/.ssh/id_ed25519_twinspark
Host spark-bd26 spark-bd26.local
    HostName 192.168.100.11
Host spark-bd26 spark-bd26.local 192.168.100.11 192.168.101.11
    User nvidia
    IdentityFile ~/.ssh/id_ed25519_twinspark
Match all
# END twinspark connect-two-sparks
`);
    expect(changes.find(({ id }) => id.endsWith('/config'))?.spec).toMatchObject({ place: 'top' });
  });

  it('uses .local names where addresses change', async () => {
    const links = port1Links()
      .slice(0, 1)
      .map((link) => ({ ...link, subnet: '169.254.0.0/16', addresses: null, required: true }));
    const { changes } = await assess({ shared: { network: { method: 'link-local', mtu: null, links } } });
    expect(blockOf(changes, names[0], 'config')).toContain('    HostName spark-bd26.local\n');
    expect(blockOf(changes, names[0], 'known_hosts')).not.toContain('169.254');
  });

  it('is satisfied by its own result, whatever the person has around it', async () => {
    const keys: Setup['nodes'] = [sshFacts(0, { keys: [key(0)] }), sshFacts(1, { keys: [key(1)] })];
    const { changes, codes } = await assess({ nodes: keys });
    expect(changes.map(({ kind }) => kind)).not.toContain('keypair');
    expect(codes).toContain('connect.ssh.key-kept');
    const done = ([0, 1] as const).map((node) => {
      const own = names[node];
      return sshFacts(node, {
        keys: [key(node)],
        directoryMode: '0700',
        authorizedKeys: file(`ssh-rsa AAAA me\n${blockOf(changes, own, 'authorized_keys')}`),
        knownHosts: file(blockOf(changes, own, 'known_hosts')),
        config: file(`${blockOf(changes, own, 'config')}Host *\n  ForwardAgent no\n`),
      });
    });
    const again = await assess({ nodes: [done[0]!, done[1]!] });
    expect(again.assessment.status).toBe('satisfied');
    expect(again.context.shared.settled.has('ssh')).toBe(true);
    const lost = await assess({ nodes: [done[0]!, { ...done[1]!, ...sshFacts(1, { keys: [key(1)] }) }] });
    expect(lost.assessment.status).toBe('needed');
  });

  it('puts a folder right that sshd would distrust, and no other', async () => {
    const { changes } = await assess({
      nodes: [sshFacts(0, { directoryMode: '0775' }), sshFacts(1, { directoryMode: '0755' })],
    });
    const folders = changes.filter(({ kind }) => kind === 'directory').map(({ spec }) => spec);
    expect(folders[0]).toHaveProperty('adjust', true);
    expect(folders[1]).not.toHaveProperty('adjust');
  });

  it('never overwrites a key', async () => {
    const half = sshFacts(0, { keys: [key(0, { hasPrivate: false })] });
    expect((await assess({ nodes: [half, {}] })).blockers).toEqual(['connect.ssh.key-unusable']);
    const rsa = sshFacts(0, { keys: [key(0, { type: 'ssh-rsa', publicKey: 'ssh-rsa AAAAB3' })] });
    const asked = await assess({ nodes: [rsa, {}] });
    expect(asked.assessment).toMatchObject({
      blockers: [{ cause: { code: 'connect.ssh.key-foreign' }, decide: { input: 'ssh.existing-key' } }],
    });
    const kept = await assess({ nodes: [rsa, {}], inputs: { 'ssh.existing-key': 'keep' } });
    expect(kept.assessment.status).toBe('needed');
  });

  it('reads the host keys itself where the account is still to be made', async () => {
    const fresh = { ...work, name: 'bob', home: '/home/bob', group: 'bob', exists: false };
    const { assessment, looks, changes } = await assess({
      nodes: [{ ssh: unknown('no such account') }, {}],
      shared: { accounts: [fresh, { ...fresh, exists: true }] },
      answer: () => 'ssh-ed25519 AAAAC3Fresh root@spark\nnot a key\n',
    });
    expect(assessment.status).toBe('needed');
    expect(looks).toHaveLength(1);
    expect(blockOf(changes, names[1], 'known_hosts')).toContain(' ssh-ed25519 AAAAC3Fresh\n');
    expect(changes[0]?.spec).toMatchObject({ path: '/home/bob/.ssh', owner: 'bob', group: 'bob' });
  });

  it.each(['*', 'a b', 'x\nHost *', '!spark', '-oProxyCommand=sh', '$(id)', "a'b"])(
    'refuses the host name %j',
    async (hostname) => {
      expect((await assess({ nodes: [{ hostname }, {}] })).blockers).toEqual(['connect.bad-hostname']);
    },
  );

  it('refuses what is no host key', async () => {
    const odd = sshFacts(0, { hostKeys: ['ssh-ed25519 AAAA\n* ssh-rsa BBBB'] });
    expect((await assess({ nodes: [odd, {}] })).blockers).toEqual(['connect.ssh.host-keys-missing']);
  });
});

describe('ssh, shared key', () => {
  const inputs = { 'ssh.mode': 'shared' };
  const shared25519 = '/home/nvidia/.ssh/id_ed25519_shared';

  it('makes one key, copies it, and says what is wrong with that', async () => {
    const { changes, codes } = await assess({ inputs });
    const keys = changes.filter(({ kind }) => kind === 'keypair');
    expect(keys.map(({ node, step }) => [node, step])).toEqual([
      [names[0], 1],
      [names[1], 2],
    ]);
    expect(keys[1]?.spec).toMatchObject({ source: { kind: 'copy', node: names[0], path: shared25519 } });
    expect(codes).toContain('connect.ssh.shared');
  });

  it('copies from the node that has one', async () => {
    const { changes } = await assess({
      inputs,
      nodes: [{}, sshFacts(1, { keys: [key(1, { path: shared25519 })] })],
    });
    const keys = changes.filter(({ kind }) => kind === 'keypair');
    expect(keys).toMatchObject([
      { node: names[0], spec: { source: { node: names[1], publicKey: publicKeys[1] } } },
    ]);
  });

  it('stops at two different ones', async () => {
    const { blockers } = await assess({
      inputs,
      nodes: [
        sshFacts(0, { keys: [key(0, { path: shared25519 })] }),
        sshFacts(1, { keys: [key(1, { path: shared25519 })] }),
      ],
    });
    expect(blockers).toEqual(['connect.ssh.shared-differs']);
  });
});

describe('ssh, verify', () => {
  const targets = (own: 0 | 1) => [
    names[1 - own]!,
    `192.168.100.1${1 - own}`,
    `192.168.101.1${1 - own}`,
    names[own],
  ];
  const fine = ({ node }: { node: string }) => {
    const own = node === names[0] ? 0 : 1;
    return targets(own)
      .map((target) => `login ${target} 0 ${target === names[own] ? names[own] : names[1 - own]!}`)
      .join('\n');
  };

  it('logs in as the account, without ever asking, to the other and to itself by name', async () => {
    const { context, looks } = await assess({ answer: fine });
    const verification = await ssh.verify!(context);
    expect(verification).toMatchObject({ ok: true, causes: [] });
    expect(verification.notes).toHaveLength(4);
    expect(looks[0]?.script).toContain('runuser -u nvidia -- env HOME=/home/nvidia ssh -n -o BatchMode=yes');
  });

  it.each([
    ['Host key verification failed.', 'host-key'],
    ['nvidia@spark-bd26: Permission denied (publickey,password).', 'ssh-modes'],
    ['connect to host 192.168.100.11 port 22: Connection refused', 'firewall'],
    ['/home/nvidia/.ssh/config: line 3: Bad configuration option: foo', 'ssh-config-broken'],
    ['connect to host 192.168.100.11 port 22: Network is unreachable', 'not-configured'],
  ])('explains %j', async (said, cause) => {
    const { context } = await assess({
      answer: (looked) => fine(looked).replace(/^login (\S+) 0 .*/, `login $1 255 ${said}`),
    });
    const verification = await ssh.verify!(context);
    expect(verification.ok).toBe(false);
    expect(verification.causes[0]?.cause.code).toBe(`connect.cause.${cause}`);
    expect(verification.evidence).toContain(said);
  });

  it('notices when another machine answers', async () => {
    const { context } = await assess({
      answer: (looked) => fine(looked).replace(/^(login \S+ 0) .*/, '$1 intruder'),
    });
    const verification = await ssh.verify!(context);
    expect(verification.ok).toBe(false);
    expect(verification.notes[0]?.code).toBe('connect.ssh.wrong-machine');
  });
});
