import { fail, options, program } from './support';

/** Packages that matter here, with the versions of DGX OS 7.5; others are not installed. */
const installed: Readonly<Record<string, string>> = {
  'avahi-utils': '0.8-13ubuntu6',
  ethtool: '1:6.7-1build1',
  iperf3: '3.16-1build2',
  iproute2: '6.1.0-1ubuntu6.2',
  'iputils-ping': '3:20240117-1ubuntu0.1',
  'netplan.io': '1.1.2-8ubuntu1~24.04.1',
  'network-manager': '1.46.0-1ubuntu2.2',
  'openssh-client': '1:9.6p1-3ubuntu13.14',
  'openssh-server': '1:9.6p1-3ubuntu13.14',
  perftest: '24.01.0+0.38-1',
  'rdma-core': '50.0-2ubuntu0.2',
  ufw: '0.36.2-6',
};

export const dpkgQuery = program('dpkg-query', (call) => {
  const { flags, values, rest } = options('dpkg-query', call.args, {
    short: 'Wlsf:',
    long: { show: 'W', 'showformat:': 'f', status: 's', list: 'l' },
  });
  const format = values.get('f') ?? '${Package}\\t${Version}\\n';
  let errors = '';
  const names = rest.length === 0 && !flags.has('s') ? Object.keys(installed) : rest;
  const lines = names.map((name) => {
    const version = installed[name];
    if (version === undefined) {
      errors += `dpkg-query: no packages found matching ${name}\n`;
      return '';
    }
    const fields: Record<string, string> = {
      Package: name,
      Version: version,
      Status: 'install ok installed',
      'db:Status-Status': 'installed',
      Architecture: 'arm64',
    };
    if (flags.has('s'))
      return `Package: ${name}\nStatus: install ok installed\nArchitecture: arm64\nVersion: ${version}\n`;
    if (flags.has('l')) return `ii  ${name.padEnd(16)} ${version.padEnd(28)} arm64\n`;
    return format
      .replace(/\$\{([^};]+)(?:;[^}]*)?\}/g, (_, key: string) => fields[key] ?? '')
      .replaceAll('\\n', '\n')
      .replaceAll('\\t', '\t');
  });
  return { stdout: lines.join(''), stderr: errors, exitCode: errors === '' ? 0 : 1 };
});

const refusal = (name: string) =>
  program(name, () =>
    fail('This practice machine exists in memory only: nothing can be installed on it.', 100),
  );

export const apt = refusal('apt');
export const aptGet = refusal('apt-get');
export const snap = refusal('snap');
export const dpkg = program('dpkg', (call) => {
  if (call.args[0] === '--print-architecture') return 'arm64\n';
  if (call.args[0] === '-l' || call.args[0] === '-s')
    return call.ctx.exec?.('dpkg-query', { cwd: call.cwd, args: [...call.args] }) ?? '';
  return fail('This practice machine exists in memory only: nothing can be installed on it.', 2);
});
