import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { LabError } from './error';
import { packageNames } from './packages';
import { alive, identify, run, until } from './process';

const suite = 'bookworm';

/**
 * What is done to the root file system once, after the packages are in. Units that would only add noise or
 * network traffic of their own are masked; everything a node has of its own comes later, per lab.
 */
const customize = `set -eu
cd "$1"
rm -f etc/ssh/ssh_host_* etc/resolv.conf var/lib/dbus/machine-id
rm -rf var/cache/apt/* var/lib/apt/lists/* usr/share/doc/* usr/share/locale/* usr/share/man/*
: > etc/machine-id
# Compiled here, or the first run of each tool on a node would leave its byte code behind as a difference.
chroot . python3 -m compileall -q usr/share/netplan usr/lib/python3 usr/lib/python3.11 usr/share/ufw >/dev/null || true
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \\
  fstrim.timer man-db.timer systemd-networkd-wait-online.service NetworkManager-wait-online.service \\
  console-getty.service getty.target systemd-pstore.service systemd-timesyncd.service; do
  ln -sf /dev/null "etc/systemd/system/$unit"
done
`;

/** Hash over everything that decides what the base contains. */
function baseKey(): string {
  const text = JSON.stringify([suite, packageNames(), customize]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** This machine's own apt sources for Debian: whatever mirror it uses is the mirror of the nodes. */
function hostSources(): string[] {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).map((f) => join(folder, f)) : []),
  ];
  return files
    .filter((file) => existsSync(file) && readFileSync(file, 'utf8').includes('debian-archive-keyring'))
    .concat(files.filter((file) => file === '/etc/apt/sources.list' && existsSync(file)))
    .filter((file, index, all) => all.indexOf(file) === index)
    .filter((file) => readFileSync(file, 'utf8').includes(suite));
}

/**
 * The cached base root file system, built on first use (about half a minute).
 * @param cacheDir keeps one folder per package list and build script
 * @returns its path; it is never written to afterwards
 */
export async function baseRoot(cacheDir: string, say: (line: string) => void): Promise<string> {
  const target = join(cacheDir, `base-${baseKey()}`);
  if (existsSync(target)) return target;
  mkdirSync(cacheDir, { recursive: true, mode: 0o755 });
  const mine = `${target}.building-${process.pid}`;
  const builder = () =>
    readdirSync(cacheDir).find((name) => {
      const pid = /\.building-(\d+)$/.exec(name)?.[1];
      if (pid === undefined || Number(pid) === process.pid) return false;
      const id = identify(Number(pid));
      if (id !== undefined && alive(id)) return true;
      rmSync(join(cacheDir, name), { recursive: true, force: true });
      return false;
    });
  if (builder() !== undefined) {
    say('another process builds the root file system; waiting for it');
    await until('the other build', 600_000, () => existsSync(target) || builder() === undefined, 250);
    if (existsSync(target)) return target;
  }
  say(`building the root file system with mmdebstrap (once; kept in ${target})`);
  const started = Date.now();
  const result = await run(
    'mmdebstrap',
    [
      '--variant=minbase',
      '--format=directory',
      `--include=${packageNames().join(',')}`,
      '--aptopt=Acquire::Languages "none"',
      `--customize-hook=${customize}`,
      suite,
      mine,
      ...hostSources(),
    ],
    { timeoutMs: 600_000 },
  );
  if (result.code !== 0) {
    rmSync(mine, { recursive: true, force: true });
    throw new LabError('command-failed', `mmdebstrap: ${result.stderr.slice(-3000)}`);
  }
  // The finished folder appears at once or not at all, so a broken build is never taken for the base.
  if (existsSync(target)) rmSync(mine, { recursive: true, force: true });
  else renameSync(mine, target);
  say(`root file system built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return target;
}
