import { describe, expect, it } from 'vitest';
import { machines, owner, sh } from '../machine/fixture';

/** Two machines of which the first may log in to the second by key. */
async function befriended() {
  const pair = machines();
  const { a, b } = pair;
  await sh(a, 'mkdir -m 0700 ~/.ssh; ssh-keygen -q -t ed25519 -N "" -f ~/.ssh/id_ed25519', owner);
  const key = (await sh(a, 'cat ~/.ssh/id_ed25519.pub', owner)).out;
  await sh(b, 'mkdir -m 0700 ~/.ssh', owner);
  b.files.write('/home/nvidia/.ssh/authorized_keys', key, { mode: 0o600, uid: 1000, gid: 1000 });
  const known = `spark-b2e7 ${b.publicHostKey()}\n`;
  a.files.write('/home/nvidia/.ssh/known_hosts', known, { mode: 0o600, uid: 1000, gid: 1000 });
  return pair;
}
const login = 'ssh -n -o BatchMode=yes spark-b2e7 "hostname; id -un"';

describe('ssh between the practice machines', () => {
  it('runs a command on the other one, as the same account', async () => {
    const { a } = await befriended();
    expect(await sh(a, login, owner)).toEqual({ out: 'spark-b2e7\nnvidia\n', err: '', code: 0 });
  });

  it('passes on the exit status', async () => {
    const { a } = await befriended();
    expect((await sh(a, 'ssh spark-b2e7 exit 7', owner)).code).toBe(7);
  });

  it.each([
    ['an unknown host key', 'rm ~/.ssh/known_hosts', /Host key verification failed/],
    ['a key that others may read', 'chmod 644 ~/.ssh/id_ed25519', /too open[^]*Permission denied/],
    ['no key', 'rm ~/.ssh/id_ed25519', /Permission denied \(publickey/],
    [
      'no such name',
      'printf "Host spark-b2e7\\nHostName nowhere\\n" >~/.ssh/config',
      /Could not resolve hostname nowhere/,
    ],
  ])('is refused with %s', async (_what, before, said) => {
    const { a } = await befriended();
    await sh(a, before, owner);
    const { code, err } = await sh(a, login, owner);
    expect(code).toBe(255);
    expect(err).toMatch(said);
  });

  it('is refused with a changed host key, a closed firewall, and a loose folder on the other side', async () => {
    const { a, b, cluster } = await befriended();
    cluster.setFault('host-key-changed', true);
    expect((await sh(a, login, owner)).err).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
    cluster.setFault('host-key-changed', false);
    await sh(b, 'ufw enable');
    expect((await sh(a, login, owner)).err).toContain('Connection timed out');
    await sh(b, 'ufw allow 22/tcp');
    expect((await sh(a, login, owner)).code).toBe(0);
    await sh(b, 'chmod 777 ~/.ssh', owner);
    expect((await sh(a, login, owner)).err).toContain('Permission denied');
  });

  it('knows hashed names, and forgets one', async () => {
    const { a } = await befriended();
    await sh(a, 'ssh-keygen -H', owner);
    expect(a.files.read('/home/nvidia/.ssh/known_hosts')).not.toContain('spark-b2e7');
    expect((await sh(a, login, owner)).code).toBe(0);
    expect((await sh(a, 'ssh-keygen -F spark-b2e7', owner)).code).toBe(0);
    await sh(a, 'ssh-keygen -R spark-b2e7', owner);
    expect((await sh(a, 'ssh-keygen -F spark-b2e7', owner)).code).toBe(1);
  });
});
