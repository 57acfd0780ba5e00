// The system packages that the lab of two real nodes needs; installed on Debian and Ubuntu when run as root.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run } from './packages.mjs';

const PACKAGES = [
  'systemd-container',
  'mmdebstrap',
  'iproute2',
  'openssh-client',
  'openssh-server',
  'iperf3',
];

/**
 * Installs what is missing, saying which. Set TWINSPARK_SYSTEM_PACKAGES=no to leave the system alone.
 * @param {(reason: string) => void} leaveOut told what will not run for want of packages, and why
 */
export function ensureSystemPackages(leaveOut) {
  const without = (why) =>
    leaveOut(`tests on two real nodes (the lab), where they need ${missing().join(', ')}: ${why}`);
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) {
    leaveOut('tests on two real nodes (the lab): they need Debian or Ubuntu');
    return;
  }
  const wanted = missing();
  if (wanted.length === 0) return;
  if (process.env.TWINSPARK_SYSTEM_PACKAGES === 'no') return without('TWINSPARK_SYSTEM_PACKAGES=no');
  if (process.getuid() !== 0) return without('only root may install them');
  console.log(
    `Installing system packages for the lab: ${wanted.join(' ')} (TWINSPARK_SYSTEM_PACKAGES=no turns this off)`,
  );
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted], env);
  if (run('apt-get', ['update', '-qq'], env) !== 0 || install() !== 0) without('apt-get failed');
}

function missing() {
  return PACKAGES.filter((name) => {
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
    return stdout !== 'install ok installed';
  });
}
