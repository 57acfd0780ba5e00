import { describe, expect, it } from 'vitest';
import { machines, owner, sh } from '../machine/fixture';

describe('file commands of a practice machine', () => {
  it('show and change owners and modes', async () => {
    const { a } = machines();
    const { out } = await sh(
      a,
      'mkdir -m 0700 /srv/x; touch /srv/x/f; chown -R nvidia:adm /srv/x; chmod u=rw,go=r /srv/x/f; stat -c "%a %u %g %U %G %F" /srv/x /srv/x/f; ls -ln /srv/x/f',
    );
    expect(out.split('\n').slice(0, 2)).toEqual([
      '700 1000 4 nvidia adm directory',
      '644 1000 4 nvidia adm regular empty file',
    ]);
    expect(out).toMatch(/-rw-r--r-- 1 1000 4 +0 .* \/srv\/x\/f/);
  });

  it('replace a link by a rename, and never follow it with -T', async () => {
    const { a } = machines();
    const { out, code } = await sh(
      a,
      'cd /srv; mkdir real; ln -s real link; echo new >n; mv -f -T n link; ls -A real; cat link; ln -T link two && ln -T link two',
    );
    expect(out).toBe('new\n');
    expect(code).toBe(1);
  });

  it('copy with -p what without it would be the caller’s', async () => {
    const { a } = machines();
    const { out } = await sh(
      a,
      'cd /srv; echo x >f; chown nvidia:adm f; chmod 600 f; cp -p f kept; cp f own; stat -c "%a %U:%G" kept own',
    );
    expect(out).toBe('600 nvidia:adm\n600 root:root\n');
  });

  it('tell what they may not do in the words of coreutils', async () => {
    const { a } = machines();
    const { err, code } = await sh(
      a,
      'rm /etc/passwd; rmdir /home; mkdir /etc/x; chown root ~/.profile; ls /root',
      owner,
    );
    expect(code).toBe(2);
    expect(err.split('\n').filter(Boolean)).toEqual([
      "rm: cannot remove '/etc/passwd': Permission denied",
      "rmdir: failed to remove '/home': Directory not empty",
      "mkdir: cannot create directory '/etc/x': Permission denied",
      "chown: changing ownership of '/home/nvidia/.profile': Operation not permitted",
      "ls: cannot open directory '/root': Permission denied",
    ]);
  });

  it('find by type, owner, depth and emptiness, and run a command on what they find', async () => {
    const { a } = machines();
    await sh(
      a,
      'mkdir -p /srv/t/d /srv/t/.git; echo x >/srv/t/f; touch /srv/t/e; ln -s f /srv/t/l; chown nvidia /srv/t/f',
    );
    const found = async (rest: string) =>
      (await sh(a, `cd /srv/t; find . ${rest}`)).out.split('\n').filter(Boolean).sort();
    expect(await found('-path ./.git -prune -o -type f -print')).toEqual(['./e', './f']);
    expect(await found("-mindepth 1 ! -type d ! '(' -type f -empty ')'")).toEqual(['./f', './l']);
    expect(await found('-uid 1000')).toEqual(['./f']);
    expect(await found("-type l -printf 'link %p -> %l\\n'")).toEqual(['link ./l -> f']);
    expect(await found('-type f -exec sh -c \'for x; do echo "$0 $x"; done\' A {} +')).toEqual([
      'A ./e',
      'A ./f',
    ]);
    expect(await found('-maxdepth 1 -type d -empty')).toEqual(['./.git', './d']);
  });
});
