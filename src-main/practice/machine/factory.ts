import { getCommandNames } from 'just-bash';
import { cryptPassword } from './crypt';
import { rulesFile } from './firewall';
import type { Identity } from './hardware';
import { PackageStore } from './package-store';
import type { RootFiles } from './root-files';
import { makeKey, privateKeyFile, type SshKey } from './ssh-key';

export interface Login {
  readonly user: string;
  readonly password: string;
  /** Whether sudo asks for the password. */
  readonly sudo: 'nopasswd' | 'password';
}

/** Stands in a program's file: it is there to be found, not to be read. */
const PROGRAM = '\u007fELF (a program of the practice machine)\n';

const systemAccounts = [
  'root:0:root:/root:/bin/bash',
  'daemon:1:daemon:/usr/sbin:/usr/sbin/nologin',
  'bin:2:bin:/bin:/usr/sbin/nologin',
  'sys:3:sys:/dev:/usr/sbin/nologin',
  'sync:4:sync:/bin:/bin/sync',
  'man:6:man:/var/cache/man:/usr/sbin/nologin',
  'www-data:33:www-data:/var/www:/usr/sbin/nologin',
  'nobody:65534:nobody:/nonexistent:/usr/sbin/nologin',
  'messagebus:101::/nonexistent:/usr/sbin/nologin',
  'avahi:105:Avahi mDNS daemon:/run/avahi-daemon:/usr/sbin/nologin',
  'sshd:109::/run/sshd:/usr/sbin/nologin',
  'nvidia-persistenced:120:NVIDIA Persistence Daemon:/nonexistent:/usr/sbin/nologin',
];
const systemGroups = (
  'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 man:12 sudo:27 audio:29 dip:30 www-data:33 shadow:42 video:44 ' +
  'plugdev:46 users:100 messagebus:101 avahi:105 input:106 render:107 lpadmin:108 sshd:109 docker:999 nogroup:65534'
).split(' ');
const ownerGroups = 'adm sudo audio dip video plugdev users input render lpadmin docker'.split(' ');

const bashrc =
  "# ~/.bashrc: executed by bash(1) for non-login shells.\ncase $- in\n    *i*) ;;\n      *) return;;\nesac\nHISTCONTROL=ignoreboth\nalias ll='ls -alF'\n";
const profile =
  '# ~/.profile: executed by the command interpreter for login shells.\nif [ -n "$BASH_VERSION" ] && [ -f "$HOME/.bashrc" ]; then\n    . "$HOME/.bashrc"\nfi\n';

/** Fills an empty machine with what a Spark has when it comes out of its box and its owner has set up an account. */
export function furnish(
  files: RootFiles,
  identity: Identity,
  login: Login,
  programs: readonly string[],
): void {
  folders(files);
  addPrograms(files, [...getCommandNames(), ...programs]);
  cuda(files);
  system(files, identity);
  accounts(files, identity, login);
  network(files, identity);
  hostKeys(files, identity);
  new PackageStore(files).furnish();
}

export function addPrograms(files: RootFiles, names: readonly string[]): void {
  for (const name of names)
    if (files.node(`/usr/bin/${name}`) === undefined)
      files.write(`/usr/bin/${name}`, PROGRAM, { mode: 0o755 });
}

/** CUDA's compiler in its own folder, which is in nobody's PATH; it only tells its version. */
function cuda(files: RootFiles): void {
  const version =
    'nvcc: NVIDIA (R) Cuda compiler driver\nCopyright (c) 2005-2025 NVIDIA Corporation\n' +
    'Built on Wed_Aug_20_01:58:59_PM_PDT_2025\nCuda compilation tools, release 13.0, V13.0.88\n' +
    'Build cuda_13.0.r13.0/compiler.36424714_0\n';
  files.write('/usr/local/cuda/bin/nvcc', `#!/bin/sh\ncat <<'END'\n${version}END\n`, { mode: 0o755 });
}

function folders(files: RootFiles): void {
  for (const path of ['/usr/bin', '/usr/sbin', '/usr/lib', '/usr/local/bin', '/usr/local/sbin', '/var/log'])
    files.folder(path);
  files.link('usr/bin', '/bin');
  files.link('usr/sbin', '/sbin');
  files.link('usr/lib', '/lib');
  files.folder('/tmp', { mode: 0o1777 });
  files.folder('/var/tmp', { mode: 0o1777 });
  files.folder('/var/mail', { mode: 0o2775, gid: 8 });
  files.folder('/var/spool/cron/crontabs', { mode: 0o1730 });
  files.folder('/root', { mode: 0o700 });
  for (const path of ['/boot', '/home', '/media', '/mnt', '/opt', '/srv', '/var/lib']) files.folder(path);
  files.live(
    '/dev/null',
    () => '',
    () => undefined,
  );
  files.live(
    '/dev/zero',
    () => '\0'.repeat(4096),
    () => undefined,
  );
  for (const name of ['null', 'zero']) Object.assign(files.node(`/dev/${name}`) ?? {}, { mode: 0o666 });
  for (const [index, name] of ['stdin', 'stdout', 'stderr'].entries())
    files.link(`/proc/self/fd/${index}`, `/dev/${name}`);
}

function system(files: RootFiles, { hostname, machineId, serial }: Identity): void {
  files.write('/etc/hostname', `${hostname}\n`);
  files.write('/etc/machine-id', `${machineId}\n`, { mode: 0o444 });
  files.write(
    '/etc/hosts',
    `127.0.0.1 localhost\n127.0.1.1 ${hostname}\n\n::1     ip6-localhost ip6-loopback\nfe00::0 ip6-localnet\n`,
  );
  files.write(
    '/usr/lib/os-release',
    'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION="24.04.3 LTS (Noble Numbat)"\n' +
      'VERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nUBUNTU_CODENAME=noble\n',
  );
  files.link('../usr/lib/os-release', '/etc/os-release');
  files.write(
    '/etc/dgx-release',
    'DGX_NAME="DGX Spark"\nDGX_PRETTY_NAME="NVIDIA DGX Spark"\nDGX_SWBUILD_DATE="2025-09-10-13-50-03"\n' +
      'DGX_SWBUILD_VERSION="7.2.3"\nDGX_COMMIT_ID="833b4a7"\nDGX_PLATFORM="DGX Server for KVM"\n' +
      `DGX_SERIAL_NUMBER="${serial}"\n\nDGX_OTA_VERSION="7.5.0"\nDGX_OTA_DATE="Thu Jun 18 17:40:28 EDT 2026"\n`,
  );
  files.write('/etc/motd', 'This is a practice machine of Twinspark: it exists in memory only.\n');
  files.write(
    '/usr/local/cuda/version.json',
    '{\n   "cuda" : {\n      "name" : "CUDA SDK",\n      "version" : "13.0.2"\n   }\n}\n',
  );
}

function accounts(files: RootFiles, { hostname }: Identity, { user, password, sudo }: Login): void {
  const rows = systemAccounts.map((line) => {
    const [name = '', id = '', gecos = '', home = '', shell = ''] = line.split(':');
    return `${name}:x:${id}:${id}:${gecos}:${home}:${shell}\n`;
  });
  files.write('/etc/passwd', `${rows.join('')}${user}:x:1000:1000:${user}:/home/${user}:/bin/bash\n`);
  const locked = systemAccounts.map((line) => `${line.split(':')[0] ?? ''}:*:20340:0:99999:7:::\n`).join('');
  files.write('/etc/shadow', `${locked}${user}:${cryptPassword(password)}:20400:0:99999:7:::\n`, {
    mode: 0o640,
    gid: 42,
  });
  const groups = systemGroups.map((one) => one.split(':'));
  const members = (name: string) => (ownerGroups.includes(name) ? user : '');
  files.write(
    '/etc/group',
    `${groups.map(([name = '', gid = '']) => `${name}:x:${gid}:${members(name)}\n`).join('')}${user}:x:1000:\n`,
  );
  files.write(
    '/etc/gshadow',
    `${groups.map(([name = '']) => `${name}:*::${members(name)}\n`).join('')}${user}:!::\n`,
    { mode: 0o640, gid: 42 },
  );
  files.write('/etc/subuid', `${user}:100000:65536\n`);
  files.write('/etc/subgid', `${user}:100000:65536\n`);
  files.write('/etc/sudoers', 'Defaults\tenv_reset\nroot\tALL=(ALL:ALL) ALL\n%sudo\tALL=(ALL:ALL) ALL\n', {
    mode: 0o440,
  });
  files.folder('/etc/sudoers.d', { mode: 0o750 });
  if (sudo === 'nopasswd')
    files.write('/etc/sudoers.d/90-owner', `${user} ALL=(ALL) NOPASSWD:ALL\n`, { mode: 0o440 });
  for (const [name, text] of [
    ['.bashrc', bashrc],
    ['.profile', profile],
    ['.bash_logout', '# ~/.bash_logout: executed by bash(1) when login shell exits.\n'],
  ] as const)
    files.write(`/etc/skel/${name}`, text);
  makeHome(files, { home: `/home/${user}`, uid: 1000, gid: 1000 });
  files.write(
    `/home/${user}/README.txt`,
    `Welcome to ${hostname}. Nothing here is real: try what you like.\n`,
    {
      uid: 1000,
      gid: 1000,
    },
  );
}

/** A home with the files of /etc/skel. */
export function makeHome(
  files: RootFiles,
  { home, uid, gid }: { home: string; uid: number; gid: number },
): void {
  files.folder(home, { mode: 0o750, uid, gid });
  for (const name of files.list('/etc/skel'))
    files.write(`${home}/${name}`, files.read(`/etc/skel/${name}`) ?? '', { mode: 0o644, uid, gid });
}

function network(files: RootFiles, { hostname }: Identity): void {
  files.folder('/etc/netplan');
  files.write(
    '/lib/netplan/00-network-manager-all.yaml',
    '# Let NetworkManager manage all devices on this system\nnetwork:\n  version: 2\n  renderer: NetworkManager\n',
    {
      mode: 0o600,
    },
  );
  files.write('/etc/ufw/ufw.conf', '# /etc/ufw/ufw.conf\n#\n\nENABLED=no\n\nLOGLEVEL=low\n');
  files.write('/etc/ufw/user.rules', rulesFile('inet', []), { mode: 0o640 });
  files.write('/etc/ufw/user6.rules', rulesFile('inet6', []), { mode: 0o640 });
  files.write('/etc/resolv.conf', 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n');
  files.write(
    '/etc/avahi/avahi-daemon.conf',
    `[server]\nhost-name=${hostname}\nuse-ipv4=yes\nuse-ipv6=yes\n`,
  );
}

function hostKeys(files: RootFiles, { hostname }: Identity): void {
  files.write(
    '/etc/ssh/sshd_config',
    'Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\nX11Forwarding yes\n',
  );
  files.write('/etc/ssh/ssh_config', 'Host *\n    SendEnv LANG LC_*\n    HashKnownHosts yes\n');
  writeHostKey(files, makeKey(`root@${hostname}`));
}

export function writeHostKey(files: RootFiles, key: SshKey): void {
  files.write('/etc/ssh/ssh_host_ed25519_key', privateKeyFile(key), { mode: 0o600 });
  files.write('/etc/ssh/ssh_host_ed25519_key.pub', `${key.publicKey} ${key.comment}\n`);
}
