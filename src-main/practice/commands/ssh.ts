import { latin1FromBytes } from 'just-bash';
import type { Arrival } from '../machine/host';
import { parseIp } from '../machine/ip-values';
import { fingerprint, readPrivateKey, readPublicKey, type SshKey } from '../machine/ssh-key';
import { hostPattern, isAbout, parseKnownHosts } from './known-hosts';
import { readConfig, type SshOptions } from './ssh-config';
import { Complaint, fail, options, program, type Answer, type Call } from './support';

/** ssh's own exit status for everything but the command's. */
const FAILED = 255;

interface Aim {
  readonly given: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly config: SshOptions;
}

const shorts = 'nNTtqvVxXAaCfgkKyY46Gsl:p:i:o:F:J:L:R:D:b:c:E:e:I:m:O:P:Q:S:W:w:B:';

/** The options `-o NAME=VALUE`, which may come several times. */
function given(args: readonly string[]): [string, string][] {
  return args.flatMap((word, at): [string, string][] => {
    const text = word === '-o' ? args[at + 1] : word.startsWith('-o') ? word.slice(2) : undefined;
    const [, name, value] = /^([A-Za-z0-9]+)[= ]\s*(.*)$/.exec(text ?? '') ?? [];
    return name === undefined ? [] : [[name, value ?? '']];
  });
}

async function aimOf(call: Call): Promise<{ aim: Aim; command: string }> {
  const { values, rest } = options('ssh', call.args, { short: shorts, stopAtFirst: true });
  const [target, ...tail] = rest;
  if (target === undefined)
    fail('usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] destination [command [argument ...]]', FAILED);
  // Options may stand between the host and the command.
  const later =
    tail[0]?.startsWith('-') === true
      ? options('ssh', tail, { short: shorts, stopAtFirst: true })
      : undefined;
  const command = (later?.rest ?? tail).filter((word, at) => word !== '--' || at > 0).join(' ');
  const at = target.lastIndexOf('@');
  const host = target.slice(at + 1);
  const set: [string, string][] = [
    ...given(call.args.slice(0, call.args.indexOf(target))),
    ...(at > 0 ? ([['user', target.slice(0, at)]] as [string, string][]) : []),
  ];
  const value = (letter: string) => values.get(letter) ?? later?.values.get(letter);
  const identity = value('i');
  if (value('l') !== undefined) set.push(['user', value('l') ?? '']);
  if (value('p') !== undefined) set.push(['port', value('p') ?? '']);
  if (identity !== undefined) set.push(['identityfile', identity]);
  const own = value('F') ?? `${home(call)}/.ssh/config`;
  const files =
    own === 'none' ? [] : await Promise.all([own, '/etc/ssh/ssh_config'].map((path) => textOf(call, path)));
  const config = readConfig(host, set, files);
  const aim = {
    given: host,
    host: config.values.get('hostname') ?? host,
    port: Number(config.values.get('port') ?? 22),
    user: config.values.get('user') ?? (call.caller.root ? 'root' : call.caller.user),
    config,
  };
  return { aim, command };
}

function home(call: Call): string {
  return call.machine.home(call.caller.root ? 'root' : call.caller.user);
}

async function textOf(call: Call, path: string): Promise<string> {
  return call.fs.readFile(call.path(path)).catch(() => '');
}

function expand(call: Call, path: string): string {
  return call.path(path.replace(/^~(?=\/|$)/, home(call)).replaceAll('%d', home(call)));
}

/** Where the connection arrives, or why it does not. */
function connect(call: Call, { host, port }: Aim): Arrival {
  const { machine } = call;
  const address = parseIp(host)?.address ?? machine.wire.resolve(machine, host);
  if (address === undefined)
    fail(`ssh: Could not resolve hostname ${host}: Name or service not known`, FAILED);
  const arrival = address.startsWith('127.')
    ? { machine, out: loopback(call), at: loopback(call) }
    : machine.wire.deliver(machine, address);
  const from = arrival && (machine.wire.source(machine, arrival.out, address) ?? '127.0.0.1');
  if (arrival === undefined) {
    const routed = machine.network.portTo(address) !== undefined;
    fail(
      `ssh: connect to host ${host} port ${port}: ${routed ? 'No route to host' : 'Network is unreachable'}`,
      FAILED,
    );
  }
  const there = arrival.machine;
  if (!there.firewall.admits({ port, dev: arrival.at.name, from: from ?? '' }))
    fail(`ssh: connect to host ${host} port ${port}: Connection timed out`, FAILED);
  if (port !== 22 || there.effects.refusesConnections || !there.systemd.isActive('ssh.service'))
    fail(`ssh: connect to host ${host} port ${port}: Connection refused`, FAILED);
  return arrival;
}

function loopback(call: Call) {
  return call.machine.network.interfaces[0] ?? fail('ssh: no loopback interface', FAILED);
}

/** Holds the shown host key against known_hosts. */
async function checkHostKey(call: Call, aim: Aim, { machine }: Arrival): Promise<string> {
  const { config } = aim;
  const name = hostPattern(config.values.get('hostkeyalias') ?? aim.host, aim.port);
  const files = config.values.get('userknownhostsfile')?.split(/\s+/) ?? [
    '~/.ssh/known_hosts',
    '~/.ssh/known_hosts2',
  ];
  const paths = [...files.map((path) => expand(call, path)), '/etc/ssh/ssh_known_hosts'];
  const shown = machine.publicHostKey();
  const strict = config.values.get('stricthostkeychecking')?.toLowerCase() ?? 'ask';
  for (const path of paths) {
    const lines = parseKnownHosts(await textOf(call, path)).filter((line) => isAbout(line, name));
    if (lines.some(({ marker, key }) => marker === '@revoked' && key === shown))
      fail(`@@@@ REVOKED HOST KEY DETECTED! @@@@\nHost key verification failed.`, FAILED);
    if (lines.some(({ marker, key }) => marker === undefined && key === shown)) return '';
    const other = lines.find(({ key }) => key.startsWith('ssh-ed25519 '));
    if (other !== undefined && strict !== 'no' && strict !== 'off')
      fail(changed(name, shown, `${path}:${other.line}`), FAILED);
  }
  if (strict === 'accept-new' || strict === 'no' || strict === 'off')
    return remember(call, paths[0] ?? '', name, shown);
  const prompt = `The authenticity of host '${name}' can't be established.\nED25519 key fingerprint is ${fingerprint(shown)}.`;
  const hint =
    config.values.get('batchmode')?.toLowerCase() === 'yes' || strict === 'yes'
      ? `No ED25519 host key is known for ${name} and you have requested strict checking.`
      : prompt;
  return fail(`${hint}\nHost key verification failed.`, FAILED);
}

async function remember(call: Call, path: string, name: string, key: string): Promise<string> {
  if (path !== '/dev/null') {
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (!(await call.fs.exists(folder))) await call.fs.mkdir(folder, { recursive: true });
    await call.fs.appendFile(path, `${name} ${key}\n`);
  }
  return `Warning: Permanently added '${name}' (ED25519) to the list of known hosts.\n`;
}

function changed(name: string, shown: string, where: string): string {
  const bar = '@'.repeat(59);
  return [
    bar,
    '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
    bar,
    'IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!',
    'The fingerprint for the ED25519 key sent by the remote host is',
    `${fingerprint(shown)}.`,
    `Offending ED25519 key in ${where}`,
    `Host key for ${name} has changed and you have requested strict checking.`,
    'Host key verification failed.',
  ].join('\n');
}

const usual = ['id_rsa', 'id_ecdsa', 'id_ed25519'];

/** The keys that would be offered, in their order; files that are not there are passed over. */
async function keys(call: Call, { config }: Aim): Promise<{ found: SshKey[]; complaints: string }> {
  const names = config.identities.length > 0 ? config.identities : usual.map((name) => `~/.ssh/${name}`);
  const found: SshKey[] = [];
  let complaints = '';
  for (const name of names) {
    const path = expand(call, name);
    const text = await textOf(call, path);
    if (text === '') continue;
    const { mode } = await call.fs.lstatOwned(await call.fs.realpath(path));
    if ((mode & 0o077) !== 0 && !call.caller.root) {
      complaints += `Permissions 0${mode.toString(8)} for '${path}' are too open.\nThis private key will be ignored.\n`;
      continue;
    }
    const key = readPrivateKey(text);
    if (key) found.push(key);
  }
  return { found, complaints };
}

export const ssh = program('ssh', async (call): Promise<Answer> => {
  if (call.args.includes('-V'))
    return {
      stdout: '',
      stderr: 'OpenSSH_9.6p1 Ubuntu-3ubuntu13.14, OpenSSL 3.0.13 30 Jan 2024\n',
      exitCode: 0,
    };
  let warnings = '';
  try {
    const { aim, command } = await aimOf(call);
    const arrival = connect(call, aim);
    warnings += await checkHostKey(call, aim, arrival);
    const there = arrival.machine;
    const { found, complaints } = await keys(call, aim);
    warnings += complaints;
    const allowed = there
      .authorizedKeys(aim.user)
      .split('\n')
      .flatMap((line) => (line.trim().startsWith('#') ? [] : (readPublicKey(line)?.publicKey ?? [])));
    const account = there.account(aim.user);
    if (account === undefined || !found.some(({ publicKey }) => allowed.includes(publicKey)))
      fail(`${aim.user}@${aim.host}: Permission denied (publickey,password).`, FAILED);
    if (command === '') fail('This practice machine runs commands only: ssh HOST COMMAND', FAILED);
    const silent =
      call.args.includes('-n') ||
      call.args.some((word) => /^-[A-Za-z]*n/.test(word) && !word.startsWith('-o'));
    const result = await there.run(account, command, {
      ...(silent ? {} : { stdin: latin1FromBytes(call.ctx.stdin) }),
      ...(call.ctx.signal === undefined ? {} : { signal: call.ctx.signal }),
    });
    const { stdout, stdoutKind, stdoutEncoding } = result;
    const kind = { ...(stdoutKind && { stdoutKind }), ...(stdoutEncoding && { stdoutEncoding }) };
    return { stdout, ...kind, stderr: warnings + result.stderr, exitCode: result.exitCode };
  } catch (error) {
    if (error instanceof Complaint) throw new Complaint(`${warnings}${error.message}`, error.status);
    throw error;
  }
});

export const sshKeyscan = program('ssh-keyscan', (call) => {
  const { flags, rest } = options('ssh-keyscan', call.args, { short: '46cDHvt:p:T:f:' });
  if (flags.has('H')) fail('ssh-keyscan: -H is not known to this practice machine');
  let errors = '';
  const lines = rest.map((host) => {
    const address = parseIp(host)?.address ?? call.machine.wire.resolve(call.machine, host);
    const own = address?.startsWith('127.') === true ? call.machine : undefined;
    const there =
      own ?? (address === undefined ? undefined : call.machine.wire.deliver(call.machine, address)?.machine);
    if (there === undefined || there.effects.refusesConnections) return '';
    errors += `# ${host}:22 SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.14\n`;
    return `${host} ${there.publicHostKey()}\n`;
  });
  return { stdout: lines.join(''), stderr: errors, exitCode: lines.includes('') ? 1 : 0 };
});
