import { cores, diskUse, kernel, memory } from '../machine/proc';
import { fail, options, program, type Call } from './support';

export const hostname = program('hostname', (call) => {
  const { flags, rest } = options('hostname', call.args, {
    short: 'sfIidA',
    long: { short: 's', fqdn: 'f', 'all-ip-addresses': 'I', 'ip-address': 'i' },
  });
  const [name] = rest;
  if (name !== undefined) {
    if (!call.caller.root) fail('hostname: you must be root to change the host name');
    call.machine.files.write('/etc/hostname', `${name}\n`);
    return '';
  }
  if (!flags.has('I')) return flags.has('d') ? '\n' : `${call.machine.hostname()}\n`;
  const { network } = call.machine;
  const shown = network.interfaces
    .filter(({ kind }) => kind !== 'loopback')
    .flatMap((port) =>
      network
        .addresses(port)
        .filter(({ scope }) => scope === 'global')
        .map(({ local }) => `${local} `),
    );
  return `${shown.join('')}\n`;
});

export const hostnamectl = program('hostnamectl', (call) => {
  const { machine } = call;
  const [verb, name] = call.args.filter((word) => !word.startsWith('-'));
  if ((verb === 'set-hostname' || verb === 'hostname') && name !== undefined) {
    if (!call.caller.root) fail('Could not set static hostname: Access denied');
    machine.files.write('/etc/hostname', `${name}\n`);
    return '';
  }
  if (verb === 'hostname') return `${machine.hostname()}\n`;
  return [
    ` Static hostname: ${machine.hostname()}`,
    '       Icon name: computer-desktop',
    '         Chassis: desktop 🖥️',
    `      Machine ID: ${machine.identity.machineId}`,
    `         Boot ID: ${machine.identity.bootId.replaceAll('-', '')}`,
    'Operating System: Ubuntu 24.04.3 LTS',
    `          Kernel: Linux ${kernel}`,
    '    Architecture: arm64',
    ' Hardware Vendor: NVIDIA',
    '  Hardware Model: NVIDIA_DGX_Spark (practice)',
    '',
  ].join('\n');
});

const version = '#8-Ubuntu SMP PREEMPT_DYNAMIC Tue May 12 17:14:47 UTC 2026';

export const uname = program('uname', (call) => {
  const { flags } = options('uname', call.args, {
    short: 'asnrvmpio',
    long: { all: 'a', 'kernel-name': 's', nodename: 'n', 'kernel-release': 'r', machine: 'm' },
  });
  const parts = [
    ['s', 'Linux'],
    ['n', call.machine.hostname()],
    ['r', kernel],
    ['v', version],
    ['m', 'aarch64'],
    ['p', 'aarch64'],
    ['i', 'aarch64'],
    ['o', 'GNU/Linux'],
  ] as const;
  if (flags.size === 0) return 'Linux\n';
  return `${parts.flatMap(([flag, text]) => (flags.has('a') || flags.has(flag) ? [text] : [])).join(' ')}\n`;
});

export const arch = program('arch', () => 'aarch64\n');
export const nproc = program('nproc', () => `${cores}\n`);

export const uptime = program('uptime', (call) => {
  const { machine } = call;
  const minutes = Math.floor((machine.now() - machine.bootedAt) / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (call.args.includes('-p')) return `up ${hours} hours, ${rest} minutes\n`;
  if (call.args.includes('-s'))
    return `${new Date(machine.bootedAt).toISOString().slice(0, 19).replace('T', ' ')}\n`;
  const time = new Date(machine.now()).toISOString().slice(11, 19);
  const up = hours === 0 ? `${rest} min` : `${hours}:${String(rest).padStart(2, '0')}`;
  return ` ${time} up ${up},  1 user,  load average: 0.12, 0.08, 0.03\n`;
});

/** Bytes in the unit that the options ask for. */
function unit(flags: ReadonlySet<string>, bytes: number): string {
  if (flags.has('h')) {
    const steps = ['B', 'Ki', 'Mi', 'Gi', 'Ti'];
    let value = bytes;
    let step = 0;
    while (value >= 1024 && step < steps.length - 1) [value, step] = [value / 1024, step + 1];
    return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)}${steps[step] ?? ''}`;
  }
  const scale = flags.has('b') ? 1 : flags.has('m') ? 1024 ** 2 : flags.has('g') ? 1024 ** 3 : 1024;
  return String(Math.floor(bytes / scale));
}

export const free = program('free', (call) => {
  const { flags } = options('free', call.args, {
    short: 'bkmghwt',
    long: { human: 'h', bytes: 'b', mebi: 'm', gibi: 'g' },
  });
  const { total, free: idle, available } = memory;
  const cache = 18_633_244;
  const row = (name: string, ...values: number[]) =>
    `${name.padEnd(8)}${values.map((kib) => unit(flags, kib * 1024).padStart(12)).join('')}\n`;
  return (
    '               total        used        free      shared  buff/cache   available\n' +
    row('Mem:', total, total - idle - cache, idle, 24_180, cache, available) +
    row('Swap:', 16_777_212, 0, 16_777_212)
  );
});

export const df = program('df', (call) => {
  const { flags, values, rest } = options('df', call.args, {
    short: 'PhHlkTaimB:t:x:',
    long: { portability: 'P', 'human-readable': 'h', local: 'l', 'block-size:': 'B', 'print-type': 'T' },
  });
  const all = diskUse(call.machine.tree, call.machine.effects.diskFull);
  const paths = rest.map((given) => call.path(given));
  const holding = (path: string) =>
    all
      .filter(({ mount }) => path === mount || path.startsWith(mount === '/' ? '/' : `${mount}/`))
      .sort((a, b) => b.mount.length - a.mount.length)[0];
  const shown = paths.length === 0 ? all : paths.flatMap((path) => holding(path) ?? []);
  const block = values.get('B');
  const size = (bytes: number) =>
    block === '1'
      ? String(bytes)
      : unit(new Set(flags.has('m') || block === 'M' ? ['m'] : block === 'G' ? ['g'] : flags), bytes).replace(
          /i$/,
          '',
        );
  const title = block === undefined ? (flags.has('h') ? 'Size' : '1K-blocks') : `${block}-blocks`;
  const rows = [
    [
      'Filesystem',
      ...(flags.has('T') ? ['Type'] : []),
      title,
      'Used',
      flags.has('h') ? 'Avail' : 'Available',
      flags.has('P') ? 'Capacity' : 'Use%',
      'Mounted on',
    ],
    ...shown.map((one) => [
      one.device,
      ...(flags.has('T') ? [one.type] : []),
      size(one.total),
      size(one.used),
      size(one.available),
      `${Math.ceil((one.used / (one.used + one.available)) * 100)}%`,
      one.mount,
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const last = widths.length - 1;
  return rows
    .map(
      (row) =>
        `${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : at === last ? cell : cell.padStart(widths[at] ?? 0))).join(' ')}\n`,
    )
    .join('');
});

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** strftime in UTC, as far as people use it. */
function formatted(call: Call, format: string, date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const iso = date.toISOString();
  const fields: Record<string, () => string> = {
    s: () => String(Math.floor(date.getTime() / 1000)),
    N: () => `${String(date.getUTCMilliseconds()).padStart(3, '0')}000000`,
    Y: () => String(date.getUTCFullYear()),
    y: () => iso.slice(2, 4),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    e: () => String(date.getUTCDate()).padStart(2),
    H: () => two(date.getUTCHours()),
    I: () => two(((date.getUTCHours() + 11) % 12) + 1),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    p: () => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    a: () => (days[date.getUTCDay()] ?? '').slice(0, 3),
    A: () => days[date.getUTCDay()] ?? '',
    b: () => (months[date.getUTCMonth()] ?? '').slice(0, 3),
    B: () => months[date.getUTCMonth()] ?? '',
    j: () =>
      String(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1).padStart(
        3,
        '0',
      ),
    u: () => String(date.getUTCDay() === 0 ? 7 : date.getUTCDay()),
    F: () => iso.slice(0, 10),
    T: () => iso.slice(11, 19),
    R: () => iso.slice(11, 16),
    D: () => `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(2, 4)}`,
    Z: () => 'UTC',
    z: () => '+0000',
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  return format.replace(
    /%[-_0^]?(?::(?=z))?([A-Za-z%])/g,
    (all, letter: string) => fields[letter]?.() ?? all,
  );
}

export const date = program('date', (call) => {
  const { flags, values, rest } = options('date', call.args, {
    short: 'uRd:r:I:s:',
    long: {
      utc: 'u',
      universal: 'u',
      'date:': 'd',
      'reference:': 'r',
      'rfc-email': 'R',
      'iso-8601': 'J',
      'iso-8601:': 'I',
      'set:': 's',
    },
  });
  if (values.has('s'))
    fail(
      `date: cannot set date: Operation not permitted\n${formatted(call, '%a %b %e %T %Z %Y', new Date(call.machine.now()))}`,
    );
  const given = values.get('d');
  const number = given === undefined ? undefined : /^@(\d+)$/.exec(given)?.[1];
  const chosen =
    number !== undefined
      ? Number(number) * 1000
      : given === undefined || given === 'now'
        ? call.machine.now()
        : Date.parse(given);
  if (Number.isNaN(chosen)) fail(`date: invalid date '${given ?? ''}'`);
  const at = new Date(chosen);
  const format = rest.find((word) => word.startsWith('+'))?.slice(1);
  if (format !== undefined) return `${formatted(call, format, at)}\n`;
  if (flags.has('R')) return `${formatted(call, '%a, %d %b %Y %T %z', at)}\n`;
  if (flags.has('J') || values.has('I'))
    return `${formatted(call, values.get('I') === 'seconds' ? '%FT%T+00:00' : '%F', at)}\n`;
  return `${formatted(call, '%a %b %e %T %Z %Y', at)}\n`;
});

export const timedatectl = program('timedatectl', (call) => {
  const at = new Date(call.machine.now());
  const text = formatted(call, '%a %F %T %Z', at);
  return `               Local time: ${text}\n           Universal time: ${text}\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: ${call.machine.effects.clockAheadMs === 0 ? 'yes' : 'no'}\n              NTP service: active\n          RTC in local TZ: no\n`;
});

export const reboot = program('reboot', async (call) => {
  if (!call.caller.root) fail('Call to Reboot failed: Interactive authentication required.');
  await call.machine.powerCycle();
  return '';
});
