// The system packages that the tests on two real nodes and in a browser need; installed on Debian and Ubuntu as root.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run } from './packages.mjs';

const NEEDS = {
  'tests on two real nodes (the lab)': [
    'systemd-container',
    'mmdebstrap',
    'iproute2',
    'openssh-client',
    'openssh-server',
    'iperf3',
  ],
  'tests of the window': ['chromium', 'fonts-nanum'],
};

/**
 * Installs what is missing, saying which. Set TWINSPARK_SYSTEM_PACKAGES=no to leave the system alone.
 * @param {(reason: string) => void} leaveOut told what will not run for want of packages, and why
 */
export function ensureSystemPackages(leaveOut) {
  const without = (why) => {
    for (const [what, packages] of Object.entries(NEEDS)) {
      const lacking = missing(packages);
      if (lacking.length > 0) leaveOut(`${what}, where they need ${lacking.join(', ')}: ${why}`);
    }
  };
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) {
    leaveOut('tests on two real nodes (the lab): they need Debian or Ubuntu');
    return;
  }
  const wanted = missing(Object.values(NEEDS).flat());
  if (wanted.length === 0) return;
  if (process.env.TWINSPARK_SYSTEM_PACKAGES === 'no') return without('TWINSPARK_SYSTEM_PACKAGES=no');
  if (process.getuid() !== 0) return without('only root may install them');
  console.log(
    `Installing system packages for the tests: ${wanted.join(' ')} (TWINSPARK_SYSTEM_PACKAGES=no turns this off)`,
  );
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted], env);
  if (run('apt-get', ['update', '-qq'], env) !== 0 || install() !== 0) without('apt-get failed');
}

function missing(packages) {
  return packages.filter((name) => {
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
    return stdout !== 'install ok installed';
  });
}
