import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap, userLine } from '../../../../src-main/adapters/ssh2/shell-text';
import { KnownHosts } from '../../../../src-main/adapters/ssh2/known-hosts';
import type { Session } from '../../../../src-main/core/ports';
import { connector, folder, refuseKeys, removeFolders } from './fixtures/laptop';
import { noSshd, type Sshd, startSshd } from './fixtures/sshd';

if (noSshd !== false) console.log(`ssh2 against OpenSSH: ${noSshd}`);

describe.skipIf(noSshd !== false)('against OpenSSH’s server', () => {
  let sshd: Sshd;
  let session: Session;

  beforeAll(async () => {
    const home = await folder();
    sshd = await startSshd([`SetEnv HOME=${home}`]);
    session = await (await connector()).connect(sshd.address);
  }, 60_000);
  afterAll(async () => {
    await session.close();
    await sshd.stop();
    await removeFolders();
  });

  it('a known_hosts that ssh-keygen has hashed is understood', async () => {
    const { host, port } = sshd.address;
    const path = join(await folder(), 'known_hosts');
    const [type = '', key = ''] = (await readFile(join(sshd.folder, 'host_ecdsa.pub'), 'utf8')).split(' ');
    await writeFile(path, `[${host}]:${port} ${type} ${key}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path], { stdio: 'ignore' });
    expect(await readFile(path, 'utf8')).toMatch(/^\|1\|/);
    const knownHosts = new KnownHosts({ files: [path], ownFile: join(sshd.folder, 'own') });
    const other = await (await connector({ knownHosts, hostKeys: refuseKeys })).connect(sshd.address);
    const shown = execFileSync('ssh-keygen', ['-l', '-f', join(sshd.folder, 'host_ecdsa.pub')], {
      encoding: 'utf8',
    });
    expect(other.hostKey).toBe(shown.split(' ')[1]);
    await other.close();
  });

  it('an RSA key logs in', async () => {
    const other = await (await connector()).connect({ ...sshd.address, identityFile: sshd.keys.rsa });
    await other.close();
  });

  it('an agent logs in', async () => {
    const socket = join(sshd.folder, 'agent');
    const started = execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]);
    try {
      const env = { ...process.env, SSH_AUTH_SOCK: socket };
      execFileSync('ssh-add', ['-q', sshd.keys.ed25519], { env, stdio: 'ignore' });
      const laptop = { home: await folder(), localUser: 'me', env, platform: process.platform };
      const { name, host, port, user } = sshd.address;
      const other = await (await connector({ laptop })).connect({ name, host, port, user });
      await other.close();
    } finally {
      process.kill(pid);
    }
  });

  it('a key that the server does not know is a refused login', async () => {
    const path = join(await folder(), 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
    const connecting = (await connector()).connect({ ...sshd.address, identityFile: path });
    await expect(connecting).rejects.toMatchObject({
      info: { code: 'LOGIN_REFUSED', params: { methods: 'publickey' } },
    });
  });

  it.each([false, true])('commands run, fail and are ended (root: %s)', async (root) => {
    // As root no sudo is needed; as anybody else this is the same promise without the root shell.
    const asRoot = root && session.user === 'root';
    const exec = (script: string, stdin?: string) =>
      session.exec(
        { script, root: asRoot, ...(stdin === undefined ? {} : { stdin }) },
        { timeoutMs: 20_000 },
      );
    expect(await exec('cat; echo err >&2; exit 3', 'in')).toMatchObject({
      code: 3,
      stdout: 'in',
      stderr: 'err\n',
    });
    const slow = session.exec({ script: 'sleep 1000', root: asRoot }, { timeoutMs: 50 });
    await expect(slow).rejects.toMatchObject({ info: { code: 'COMMAND_TIMEOUT', params: { ended: 'yes' } } });
    const many = await Promise.all(Array.from({ length: 20 }, (_, index) => exec(`echo ${index}`)));
    expect(many.map(({ stdout }) => stdout)).toEqual(many.map((_, index) => `${index}\n`));
  });

  it('more data than a window holds arrives whole', async () => {
    let bytes = 0;
    await session.exec(
      { script: 'head -c 50000000 /dev/zero', root: false },
      { onStdout: (chunk) => void (bytes += chunk.length) },
    );
    expect(bytes).toBe(50_000_000);
  });

  it('a login shell that is not POSIX runs the same scripts', () => {
    // A stand-in would prove nothing: only what is installed here is tried.
    for (const shell of ['fish', 'csh', 'tcsh', 'zsh']) {
      try {
        execFileSync(shell, ['-c', 'exit 0'], { stdio: 'ignore' });
      } catch {
        continue;
      }
      const input = `${userLine('echo "it\'s"\necho two', undefined)}\n`;
      const out = execFileSync(shell, ['-c', bootstrap('nonce')], { input, encoding: 'utf8', stdio: 'pipe' });
      expect(out).toMatch(/^nonce \d+\nit's\ntwo\n$/);
    }
  });
});
