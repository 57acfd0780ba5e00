import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { block } from '../../src-main/core/change/block';
import { directory } from '../../src-main/core/change/directory';
import { file } from '../../src-main/core/change/file';
import { keypair } from '../../src-main/core/change/keypair';
import { Bench } from './change-bench';
import { Lab } from './lab';
import { skipped } from './skipped';

describe.skipIf(skipped())('files, blocks, directories and key pairs on a real node', () => {
  let lab: Lab;
  let bench: Bench;
  const home = '/home/nvidia';
  const mine = { owner: 'nvidia', group: 'nvidia' };

  beforeAll(async () => {
    lab = await Lab.up();
    bench = new Bench(lab);
    await lab.sh(1, `install -d -m 0700 -o nvidia -g nvidia ${home}/.ssh`);
  });
  afterAll(() => lab.down());

  const put = (path: string, text: string, mode = '0640') =>
    lab.sh(1, `cat >'${path}'; chmod ${mode} '${path}'; chown nvidia:nvidia '${path}'`, { input: text });
  const get = (path: string) => lab.sh(1, `cat '${path}'`);

  describe('file', () => {
    const spec = {
      path: "/etc/twin $(x) 's.conf",
      content: 'a=1\nüñí',
      mode: '0600',
      owner: 'root',
      group: 'root',
    };

    it('creates, from every cut-off too, and is gone afterwards', async () => {
      await bench.roundTrip(file, spec);
      expect(await bench.cutOffEverywhere(file, spec)).toBeGreaterThan(3);
      await bench.cutOffBack(file, spec);
    });
    it('replaces and brings bytes, mode and owner back', async () => {
      const path = '/etc/twin.conf';
      for (const [text, mode] of [
        ['old\r\nno end', '0640'],
        ['', '0444'],
        ['password: "geheim"\n', '0600'],
        ['\u0000binary\n', '0755'],
        ['x'.repeat(300_000), '0604'],
      ] as const) {
        await put(path, text, mode);
        for (const content of ['new\n', null]) {
          const change = { ...spec, path, content };
          await bench.roundTrip(file, change);
          // What differs on the way is only whether the prior file waits on the node.
          if (!text.startsWith('old') && !text.startsWith('password')) continue;
          await bench.cutOffEverywhere(file, change);
          await bench.cutOffBack(file, change);
        }
      }
      await lab.sh(1, `rm ${path}`);
    });
    it('never carries a secret off the node', async () => {
      await put('/etc/twin.conf', 'network:\n  wifis: {w: {auth: {password: "geheim"}}}\n');
      const { prior, after } = await bench.apply(file, { ...spec, path: '/etc/twin.conf' });
      expect(JSON.stringify([prior, after])).not.toContain('geheim');
      await bench.undo(file, { ...spec, path: '/etc/twin.conf' }, prior, after);
      expect(await get('/etc/twin.conf')).toContain('geheim');
      await lab.sh(1, 'rm /etc/twin.conf; [ ! -e /var/lib/twinspark ]');
    });
    it('leaves what somebody has edited since', async () => {
      const { prior, after } = await bench.apply(file, spec);
      await lab.sh(1, `echo mine >>"$0"`.replace('"$0"', `'/etc/twin $(x) '\\''s.conf'`));
      expect(await bench.undo(file, spec, prior, after)).toBe('foreign');
      await lab.sh(1, 'rm /etc/twin*');
    });
    it('refuses a symbolic link and a file that has changed since it was looked at', async () => {
      await lab.sh(1, 'ln -s /etc/hostname /etc/twin.link');
      const change = { ...spec, path: '/etc/twin.link' };
      const prior = await bench.read(file, change);
      expect(() => file.forward(change, prior, bench.scope)).toThrow(/symlink/);
      const [command] = file.forward(change, { ...prior, entry: { type: 'absent' } }, bench.scope).commands;
      expect((await bench.run(command!)).code).toBe(1);
      expect(await get('/etc/hostname')).toBe('spark-5c2d\n');
      await lab.sh(1, 'rm /etc/twin.link');
    });
    it('puts nothing in place when its input is cut off', async () => {
      const prior = await bench.read(file, spec);
      const [command] = file.forward(spec, prior, bench.scope).commands;
      const result = await bench.run({ ...command!, input: { kind: 'text', text: 'a=' } });
      expect(result.stderr).toContain('did not arrive whole');
      expect(await bench.read(file, spec)).toEqual(prior);
    });
  });

  describe('block', () => {
    const path = `${home}/.ssh/config`;
    const spec = {
      path,
      ...mine,
      mode: '0600',
      label: 'twin',
      place: 'end' as const,
      parts: [{ kind: 'text' as const, text: 'Host twin\n  HostName 192.168.100.11\n' }],
    };
    const others = [
      '',
      'a',
      'a\n',
      'a\r\nb\r\n',
      'ü\n\n\n',
      'Host *\n  Ciphers x # ÿ',
      '\u0000bin\n',
      `${'#\n'.repeat(150_000)}end`,
    ];

    it('comes and goes in any file, byte for byte', async () => {
      await bench.roundTrip(block, spec);
      await bench.cutOffEverywhere(block, spec);
      await bench.cutOffBack(block, spec);
      for (const text of [
        ...others,
        'password = x',
        '# BEGIN twinspark twin\nold\n# END twinspark twin\nlast',
        'x\ny: \n# BEGIN twinspark twin\n# END twinspark twin\n',
        'secret: ü\n# BEGIN twinspark twin\nü\n# END twinspark twin\nend',
      ]) {
        await put(path, text);
        for (const place of ['top', 'end'] as const) await bench.roundTrip(block, { ...spec, place });
        expect(await get(path)).toBe(text);
      }
      await bench.cutOffEverywhere(block, spec);
      await bench.cutOffBack(block, spec);
      await lab.sh(1, `rm ${path}`);
    });
    it('leaves the lines of others that came after it', async () => {
      for (const text of ['', 'a', 'a\n', null]) {
        await (text === null ? lab.sh(1, `rm ${path}`) : put(path, text));
        for (const place of ['top', 'end'] as const) {
          const change = { ...spec, place };
          const { prior, after } = await bench.apply(block, change);
          const whole = await get(path);
          await put(path, `before\n${whole}after`);
          expect(await bench.undo(block, change, prior, after)).toBe('ours');
          const rest = await get(path);
          const glue = text === 'a' && place === 'end' ? '\n' : '';
          expect(rest).toBe(`before\n${text ?? ''}${glue}after`);
          await (text === null ? lab.sh(1, `rm ${path}`) : put(path, text));
        }
      }
      await lab.sh(1, `rm -f ${path}`);
    });
    it('is foreign once somebody has edited it', async () => {
      const { prior, after } = await bench.apply(block, spec);
      await lab.sh(1, `sed -i s/100.11/100.12/ ${path}`);
      expect(await bench.undo(block, spec, prior, after)).toBe('foreign');
      expect(await bench.undo(block, spec, prior, undefined)).toBe('foreign');
      await lab.sh(1, `rm ${path}`);
    });
    it('takes keys from files, and nothing but keys', async () => {
      await lab.sh(1, `ssh-keygen -q -t ed25519 -N '' -C 'it'"'"'s me' -f ${home}/.ssh/k`);
      await lab.sh(2, `ssh-keygen -q -t rsa -N '' -C peer -f /root/k`);
      const parts = [
        { kind: 'text' as const, text: 'from="192.168.100.11" ' },
        { kind: 'peer-file' as const, node: lab.node(2).name, path: '/root/k.pub' },
        { kind: 'local-file' as const, path: `${home}/.ssh/k.pub` },
        { kind: 'text' as const, text: '# done' },
      ];
      const change = { ...spec, path: `${home}/.ssh/authorized_keys`, parts };
      await bench.roundTrip(block, change);
      expect(await bench.cutOffEverywhere(block, change)).toBeGreaterThan(3);
      const { prior, after } = await bench.apply(block, change);
      const peer = (await lab.sh(2, 'cat /root/k.pub')).trim();
      expect(await get(change.path)).toContain(`\nfrom="192.168.100.11" ${peer}\nssh-ed25519 `);
      await bench.undo(block, change, prior, after);
      for (const bad of [
        '',
        'x\n',
        `${peer}\n${peer}\n`,
        peer.slice(0, 200),
        `command="sh" ${peer}`,
        `${peer}\r\n`,
        `ssh-dss AAAA`,
      ]) {
        await lab.sh(2, 'cat >/root/k.pub', { input: bad });
        const [command] = block.forward(change, prior, bench.scope).commands;
        expect((await bench.run(command!)).code, bad).toBe(1);
        expect(await bench.read(block, change)).toEqual(prior);
      }
      await lab.sh(1, `rm ${home}/.ssh/k*`);
    });
  });

  describe('directory', () => {
    const spec = { path: '/srv/twin dir', mode: '0750', ...mine };
    it('comes and goes, and stays for what others put into it', async () => {
      await bench.roundTrip(directory, spec);
      await bench.cutOffEverywhere(directory, spec);
      await bench.cutOffBack(directory, spec);
      const { prior, after } = await bench.apply(directory, spec);
      await lab.sh(1, "echo x >'/srv/twin dir/theirs'");
      expect(await bench.undo(directory, spec, prior, after)).toBe('ours');
      expect(await get('/srv/twin dir/theirs')).toBe('x\n');
      await lab.sh(1, "rm -r '/srv/twin dir'");
    });
    it('adjusts only when asked to, and gives mode and owner back', async () => {
      await lab.sh(1, "install -d -m 2755 '/srv/twin dir'");
      const prior = await bench.read(directory, spec);
      expect(directory.satisfied(spec, prior)).toBe(true);
      await bench.roundTrip(directory, { ...spec, adjust: true });
      await bench.cutOffEverywhere(directory, { ...spec, adjust: true });
      await lab.sh(1, "rmdir '/srv/twin dir'");
    });
  });

  describe('keypair', () => {
    const spec = {
      path: `${home}/.ssh/id_ed25519`,
      user: 'nvidia',
      group: 'nvidia',
      comment: "twin $(id) 's",
      source: { kind: 'generate' as const },
    };
    it('is made on the node and only that key is removed', async () => {
      await bench.roundTrip(keypair, spec);
      expect(await bench.cutOffEverywhere(keypair, spec)).toBeGreaterThan(3);
      await bench.cutOffBack(keypair, spec);
      const { prior, after } = await bench.apply(keypair, spec);
      expect(keypair.satisfied(spec, after)).toBe(true);
      expect(JSON.stringify(after)).not.toContain('PRIVATE');
      await lab.sh(1, `rm ${spec.path}*; ssh-keygen -q -t ed25519 -N '' -C other -f ${spec.path}`);
      expect(await bench.undo(keypair, spec, prior, after)).toBe('foreign');
      expect(await bench.undo(keypair, spec, prior, undefined)).toBe('foreign');
      const taken = await bench.read(keypair, spec);
      expect(() => keypair.forward(spec, taken, bench.scope)).toThrow(/key-exists/);
      await lab.sh(1, `rm ${spec.path}*`);
    });
    it('is never made over a key, whatever its plan believed', async () => {
      const prior = await bench.read(keypair, spec);
      await put(spec.path, 'precious');
      const [command] = keypair.forward(spec, prior, bench.scope).commands;
      expect((await bench.run(command!)).code).toBe(1);
      expect(await get(spec.path)).toBe('precious');
      await lab.sh(1, `rm ${spec.path}`);
    });
    it('is copied from the other node without being seen', async () => {
      await lab.sh(2, `ssh-keygen -q -t ed25519 -N '' -C orig -f /root/k2`);
      const source = { kind: 'copy' as const, node: lab.node(2).name, path: '/root/k2' };
      await bench.roundTrip(keypair, { ...spec, source });
      const publicKey = (await lab.sh(2, "cut -d ' ' -f 1,2 /root/k2.pub")).trim();
      await bench.cutOffEverywhere(keypair, { ...spec, source: { ...source, publicKey } });
      await bench.cutOffEverywhere(keypair, { ...spec, source });
      await lab.sh(2, `ssh-keygen -q -t ed25519 -N 'locked' -f /root/k3`);
      const locked = { ...spec, source: { ...source, path: '/root/k3' } };
      const prior = await bench.read(keypair, locked);
      const [command] = keypair.forward(locked, prior, bench.scope).commands;
      expect((await bench.run(command!)).stderr).toContain('passphrase');
      expect(await bench.read(keypair, locked)).toEqual(prior);
    });
  });
});
