import { describe, expect, it } from 'vitest';
import { machines, owner, root } from './fixture';

describe('the files of a practice machine', () => {
  it('keep owner, group and mode, and give new ones to the caller under its umask', async () => {
    const { a } = machines();
    const fs = a.fsFor(owner);
    fs.umask = 0o077;
    await fs.mkdir('/home/nvidia/.ssh');
    await fs.writeFile('/home/nvidia/.ssh/config', 'Host x\n');
    expect(await a.fs.lstatOwned('/home/nvidia/.ssh')).toMatchObject({ mode: 0o700, uid: 1000, gid: 1000 });
    expect(await a.fs.lstatOwned('/home/nvidia/.ssh/config')).toMatchObject({ mode: 0o600, size: 7 });
    await a.fs.chown('/home/nvidia/.ssh/config', 0, 42);
    expect(await fs.lstatOwned('/home/nvidia/.ssh/config')).toMatchObject({ uid: 0, gid: 42, mode: 0o600 });
  });

  it('refuse what the modes forbid, and root nothing', async () => {
    const { a } = machines();
    const fs = a.fsFor(owner);
    await expect(fs.readFile('/etc/shadow')).rejects.toMatchObject({ code: 'EACCES' });
    await expect(fs.writeFile('/etc/hosts', '')).rejects.toMatchObject({ code: 'EACCES' });
    await expect(fs.rm('/etc/hosts')).rejects.toMatchObject({ code: 'EACCES' });
    await expect(fs.readdir('/root')).rejects.toMatchObject({ code: 'EACCES' });
    await expect(fs.chown('/home/nvidia/.profile', 0, 0)).rejects.toMatchObject({ code: 'EPERM' });
    expect(await fs.access('/etc/shadow', 4)).toBe(false);
    expect(await a.fsFor(root).access('/etc/shadow', 6)).toBe(true);
  });

  it("let the shell's own tests see the caller's rights, while stat tells the true mode", async () => {
    const { a } = machines();
    const fs = a.fsFor(owner);
    expect((await fs.stat('/etc/shadow')).mode & 0o400).toBe(0);
    expect((await fs.lstat('/etc/shadow')).mode).toBe(0o640);
  });

  it('follow links, and let a rename replace a link instead of following it', async () => {
    const { a } = machines();
    const { fs } = a;
    await fs.writeFile('/tmp/real', 'kept');
    await fs.symlink('real', '/tmp/link');
    expect(await fs.readFile('/tmp/link')).toBe('kept');
    await fs.writeFile('/tmp/new', 'new');
    await fs.mv('/tmp/new', '/tmp/link');
    expect(await fs.readFile('/tmp/real')).toBe('kept');
    expect((await fs.lstatOwned('/tmp/link')).type).toBe('file');
  });

  it('give a hard link the same identity, and refuse one over something', async () => {
    const { a } = machines();
    const { fs } = a;
    await fs.writeFile('/tmp/one', 'x');
    await fs.link('/tmp/one', '/tmp/two');
    const [one, two] = [await fs.lstatOwned('/tmp/one'), await fs.lstatOwned('/tmp/two')];
    expect(two).toMatchObject({ ino: one.ino, nlink: 2 });
    await expect(fs.link('/tmp/one', '/tmp/two')).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('keep others away from a file in a folder with the sticky bit', async () => {
    const { a } = machines();
    await a.fs.writeFile('/tmp/roots', 'x');
    await a.fs.chmod('/tmp/roots', 0o666);
    await expect(a.fsFor(owner).rm('/tmp/roots')).rejects.toMatchObject({ code: 'EPERM' });
  });

  it('end in an error for links that lead to themselves', async () => {
    const { a } = machines();
    await a.fs.symlink('loop', '/tmp/loop');
    await expect(a.fs.readFile('/tmp/loop')).rejects.toMatchObject({ code: 'ELOOP' });
  });
});
