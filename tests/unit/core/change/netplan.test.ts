import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { sameValue } from '../../../../src-main/core/canonical';
import { netplan } from '../../../../src-main/core/change/netplan';
import { netplanSpecSchema, type NetplanState } from '../../../../src-main/core/change/netplan-spec';
import { isFailure } from '../../../../src-main/core/failure';
import {
  fileOutput,
  kernelLinkLocal,
  portOutput,
  servicesOutput,
  sha,
  type PortOutput,
} from './netplan-output';

const A = 'enp1s0f1np1';
const path = '/etc/netplan/40-cx7.yaml';
const content = `network:\n  version: 2\n  ethernets:\n    ${A}:\n      addresses: [192.168.100.10/24]\n`;
const empty = 'network:\n  version: 2\n';
const spec = netplanSpecSchema.parse({ files: [{ path, content, mode: '0600' }], interfaces: [A] });
const scope = { run: 'run-1', index: 2, node: 'spark-5c2d' };
const ours = { family: 'inet', local: '192.168.100.10', prefixlen: 24, scope: 'global', label: A };

interface Look {
  readonly file?: string | null;
  readonly mode?: string;
  readonly trial?: string | null;
  readonly extra?: string[];
  readonly port?: Partial<PortOutput>;
  readonly managed?: boolean;
  readonly services?: { networkManager?: boolean; networkd?: boolean };
}

function output({
  file = null,
  mode,
  trial = null,
  extra = [],
  port = {},
  managed = false,
  services,
}: Look = {}): string {
  return [
    fileOutput(path, file, mode),
    `trial /run/netplan/40-cx7.yaml ${trial === null ? '-' : sha(trial)}`,
    ...extra,
    servicesOutput(services, managed ? [A] : []),
    portOutput({ name: A, ...port }),
    'end',
    '',
  ].join('\n');
}

const look = (given: Look = {}): NetplanState => netplan.state.parse(netplan.parse(spec, output(given)));
const fresh = look();
const kept: Look = {
  file: content,
  managed: true,
  port: { addresses: [ours], settings: ['0', '1', '0', '1'] },
};
const armed = ['guard twinspark-netplan-run-1-2.timer', 'left /run/twinspark/netplan-run-1-2.sh'];

function failsWith(text: string): void {
  let thrown: unknown;
  try {
    netplan.parse(spec, text);
  } catch (error) {
    thrown = error;
  }
  expect(isFailure(thrown, 'CHANGE_FAILED')).toBe(true);
}

describe('what a state is', () => {
  it('leaves out what comes and goes by itself', () => {
    const lease = { family: 'inet', local: '10.0.0.7', prefixlen: 24, scope: 'global', dynamic: true };
    const moved = look({
      port: {
        addresses: [{ ...kernelLinkLocal, valid_life_time: 5, tentative: true }, lease],
        routes: [
          { dst: '10.0.0.0/24', protocol: 'kernel', scope: 'link', prefsrc: '10.0.0.7', flags: [] },
          { dst: 'default', gateway: '10.0.0.1', protocol: 'dhcp', metric: 100, flags: [] },
        ],
      },
    });
    expect(sameValue(fresh, moved)).toBe(true);
  });

  it('does not depend on the cable: neither carrier nor the link-local address that follows it', () => {
    const pulled = look({ port: { carrier: false, addresses: [] } });
    expect(sameValue(fresh, pulled)).toBe(true);
  });

  it('sees a link-local address that is missing although the carrier is there', () => {
    expect(sameValue(fresh, look({ port: { addresses: [] } }))).toBe(false);
  });

  it("counts a link-local address that is not the kernel's own", () => {
    const given = look({ port: { addresses: [kernelLinkLocal, { ...kernelLinkLocal, local: 'fe80::1' }] } });
    expect(given.links[0]).toMatchObject({ addresses: ['fe80::1/64 scope link'] });
  });

  it('sees admin state, MTU, kernel settings, and routes set by hand', () => {
    const route = { dst: '10.8.0.0/16', gateway: '10.9.9.7', flags: [] };
    for (const port of [
      { up: false },
      { mtu: 9000 },
      { settings: ['1', '0', '1', '0'] as const },
      { routes: [route] },
    ]) {
      expect(sameValue(fresh, look({ port }))).toBe(false);
    }
  });

  it('leaves link-local addresses and metrics to NetworkManager where it manages the port', () => {
    const services = { networkManager: true };
    const route = (metric: number) => ({
      dst: '10.8.0.0/16',
      gateway: '10.9.9.7',
      protocol: 'static',
      metric,
    });
    const one = look({ services, managed: true, port: { routes: [route(100)] } });
    const two = look({
      services,
      managed: true,
      port: { routes: [route(101)], addresses: [], settings: ['0', '1', '0', '0'] },
    });
    expect(sameValue(one, two)).toBe(true);
  });

  it('knows an interface that is gone', () => {
    const text = output().replace(/^(link .*) present 1$/m, '$1'.replace('$1', `link ${A} absent`));
    expect(netplan.parse(spec, text).links).toEqual([{ name: A, present: false }]);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['a torn end', output().replace(/end\n$/, '')],
    ['no file line', output().replace(/^file.*\n/m, '')],
    ['no trial line', output().replace(/^trial.*\n/m, '')],
    ['a path that was not asked for', output().replaceAll('40-cx7', '41-cx7')],
    ['a second answer', output().replace(/^end$/m, `link ${A} present 1\nend`)],
    ['two files for one path', `${fileOutput(path, 'x')}\n${output()}`],
    ['a hash that is none', output({ trial: empty }).replace(sha(empty), 'zz')],
    ['content that does not match its hash', output({ file: content }).replace(sha(content), sha(empty))],
    ['noise', output().replace(/^end$/m, 'hello\nend')],
    ['broken JSON', output().replace('"mtu":1500', '"mtu":')],
    ['a shell word as address', output().replace('fe80::48bb:47ff:fe5c:2d11', '$(reboot)')],
    ["another interface's answer", output().replace(`"ifname":"${A}"`, '"ifname":"lo"')],
    ['a setting that is missing', output().replace(/^setting .*accept_ra.*\n/m, '')],
    ['a service that is missing', output().replace(/^service NetworkManager.*\n/m, '')],
    ['a foreign guard name', output().replace(/^end$/m, 'guard ../../x.timer\nend')],
  ])('refuses %s', (_what, text) => failsWith(text));
});

describe('judging', () => {
  const edited = `${content}# mine\n`;
  it.each<[string, Look, 'prior' | 'ours' | 'foreign']>([
    ['untouched', {}, 'prior'],
    ['guard armed, nothing tried', { extra: armed }, 'ours'],
    ["only the guard's script is there", { extra: ['left /run/twinspark/netplan-run-1-2.sh'] }, 'ours'],
    ['half a trial file', { extra: ['left /run/netplan/.40-cx7.yaml.twinspark', ...armed] }, 'ours'],
    ['trial in place, not applied', { trial: content, extra: armed }, 'ours'],
    ['trial applied', { ...kept, file: null, trial: content, extra: armed }, 'ours'],
    ['trial without a guard', { ...kept, file: null, trial: content }, 'ours'],
    ['guard took the trial back, the interface not yet', { port: { mtu: 9000 } }, 'ours'],
    ['networkd still runs', { services: { networkd: true, networkManager: true } }, 'ours'],
    ['staged in /etc', { trial: content, extra: ['left /etc/netplan/.40-cx7.yaml.twinspark'] }, 'ours'],
    ['kept, trial still there', { ...kept, trial: content, extra: armed }, 'ours'],
    ['kept', kept, 'ours'],
    ['undo has shadowed it with nothing', { ...kept, trial: empty, extra: armed }, 'ours'],
    ['taken away again, shadow still there', { trial: empty }, 'ours'],
    ['generated files are left', { extra: ['generated /run/udev/rules.d/90-netplan.rules'] }, 'ours'],
    ['edited', { ...kept, file: edited }, 'foreign'],
    ['its mode was changed', { ...kept, mode: '644' }, 'foreign'],
    ['somebody wrote the file that we would', { file: edited }, 'foreign'],
    ['somebody shadows it', { ...kept, trial: edited }, 'foreign'],
  ])('%s', (_what, now, verdict) => {
    expect(netplan.judge(spec, fresh, undefined, look(now))).toBe(verdict);
  });

  it("takes a link in the file's place for somebody's", () => {
    const text = output().replace(`file ${path} absent`, `file ${path} other symlink`);
    const now = netplan.parse(spec, text);
    expect(netplan.judge(spec, fresh, undefined, now)).toBe('foreign');
    expect(() => netplan.forward(spec, now, scope)).toThrow(/not-a-regular-file/);
  });

  it('knows a power cut between two files, and takes both back', () => {
    const other = { path: '/etc/netplan/99-nvidia-sync-cluster.yaml', content: null, mode: '0600' as const };
    const two = { ...spec, files: [...spec.files, other] };
    const both = (first: string | null, second: string | null) => {
      const more = `${fileOutput(other.path, second, '640')}\ntrial /run/netplan/99-nvidia-sync-cluster.yaml -\n`;
      return netplan.parse(two, more + output({ file: first }));
    };
    const before = both(null, '# theirs\n');
    const between = both(null, null);
    expect(netplan.judge(two, before, undefined, between)).toBe('ours');
    const { guard } = netplan.backward(two, before, between, scope);
    expect(guard?.keep[0]?.script.text).toContain(
      'chmod 0640 /etc/netplan/.99-nvidia-sync-cluster.yaml.twinspark',
    );
    expect(netplan.judge(two, before, undefined, both(null, '# mine\n'))).toBe('foreign');
  });

  it('does not try what is already shadowed in /run', () => {
    expect(() => netplan.forward(spec, look({ trial: content }), scope)).toThrow(/shadowed-in-run/);
  });

  it('is done when the file is in place and the addresses are there, or wait for the cable', () => {
    expect(netplan.satisfied(spec, fresh)).toBe(false);
    expect(netplan.satisfied(spec, look(kept))).toBe(true);
    expect(netplan.achieved(spec, fresh, look(kept))).toBe(true);
    expect(netplan.satisfied(spec, look({ ...kept, port: { addresses: [] } }))).toBe(false);
    const noCable = look({ ...kept, port: { addresses: [], carrier: false } });
    expect(netplan.satisfied(spec, noCable)).toBe(true);
    expect(netplan.satisfied(spec, look({ ...kept, mode: '644' }))).toBe(false);
    expect(netplan.satisfied(spec, look({ ...kept, trial: content }))).toBe(false);
    expect(netplan.satisfied(spec, look({ ...kept, extra: armed }))).toBe(false);
    const staged = look({ ...kept, extra: ['left /etc/netplan/.40-cx7.yaml.twinspark'] });
    expect(netplan.achieved(spec, fresh, staged)).toBe(false);
  });

  it('says that edits of others would be applied too, and does not call them ours afterwards', () => {
    const waiting = look({ extra: ['pending'] });
    expect(netplan.irreversible?.(spec, waiting)).toMatchObject({ code: 'change.netplan.irreversible' });
    expect(netplan.irreversible?.(spec, fresh)).toBeUndefined();
    expect(netplan.undone(spec, waiting, look({ port: { mtu: 2000 } }))).toBe(true);
    expect(netplan.undone(spec, fresh, look({ port: { mtu: 2000 } }))).toBe(false);
  });
});

describe('scripts', () => {
  const nasty = `# '; reboot; $(reboot) \`reboot\` "\\n%s\n${content}`;
  const evil = netplanSpecSchema.parse({ files: [{ path, content: nasty, mode: '0600' }], interfaces: [A] });
  const scripts = (given = spec, prior = fresh, now = look(kept)) => {
    const all = [netplan.forward(given, prior, scope), netplan.backward(given, prior, now, scope)];
    return [
      netplan.read(given),
      ...all.flatMap(({ commands, guard }) =>
        [...commands, ...(guard ? [guard.arm, ...guard.trial, ...guard.keep] : [])].map(
          (command) => command.script,
        ),
      ),
    ].map((script) => script.text);
  };

  it('are POSIX sh', () => {
    for (const given of [spec, evil]) {
      for (const script of scripts(given)) {
        expect(spawnSync('sh', ['-n', '-c', script], { encoding: 'utf8' }).stderr).toBe('');
      }
    }
  });

  it('carry content to the byte, whatever is in it', () => {
    const trial = netplan.forward(evil, fresh, scope).guard?.trial[0]?.script.text ?? '';
    const line = /printf %s ('(?:[^']|'\\'')*') >/.exec(trial)?.[1] ?? '';
    const printed = spawnSync('sh', ['-c', `printf %s ${line}`], { encoding: 'utf8' });
    expect(printed.stdout).toBe(nasty);
  });

  it('name the guard after run and change', () => {
    const { guard } = netplan.forward(spec, fresh, scope);
    expect(guard?.seconds).toBe(60);
    expect(guard?.arm.script.text).toContain('--unit=twinspark-netplan-run-1-2 --on-active=60s');
  });

  it('need no guard where /etc is as before already', () => {
    const { commands, guard } = netplan.backward(spec, fresh, look({ trial: content, extra: armed }), scope);
    expect(guard).toBeUndefined();
    expect(commands).toHaveLength(1);
  });

  it('keep a content that holds a secret out of journal, plan and preview', () => {
    const hash = sha('secret');
    const text = output().replace(
      `file ${path} absent`,
      `file ${path} file 600 0 0 root root 6 ${hash} secret`,
    );
    const prior = netplan.parse(spec, text);
    expect(prior.files[0]?.file).toMatchObject({ content: null, hidden: 'secret', sha256: hash });
    const back = netplan.backward(spec, prior, look(kept), scope);
    expect(back.guard?.trial[0]?.script.text).toContain('/var/lib/twinspark/run-1/netplan-2-40-cx7.yaml');
    expect(netplan.preview(spec, prior)[0]?.before).toContain('secret');
  });
});

describe('specs', () => {
  const file = { path, content, mode: '0600' };
  it.each([
    { files: [{ ...file, path: '/etc/netplan/../passwd.yaml' }], interfaces: [A] },
    { files: [{ ...file, path: '/etc/netplan/.hidden.yaml' }], interfaces: [A] },
    { files: [{ ...file, path: '/etc/netplan/40-cx7.conf' }], interfaces: [A] },
    { files: [{ ...file, mode: '0644' }], interfaces: [A] },
    { files: [file, file], interfaces: [A] },
    { files: [file], interfaces: ['a b'] },
    { files: [file], interfaces: ['../x'] },
    { files: [file], interfaces: [A], seconds: 0 },
    { files: [], interfaces: [A] },
    { files: [{ ...file, content: '  auth:\n    password: hunter2\n' }], interfaces: [A] },
  ])('refuses %#', (given) => {
    expect(netplanSpecSchema.safeParse(given).success).toBe(false);
  });

  it('shows each file before and after, with its mode', () => {
    expect(netplan.preview(spec, fresh)).toEqual([
      { title: path, before: null, after: content, mode: '0600' },
    ]);
  });
});
