import { PackageStore } from '../machine/package-store';
import { fail, options, program, type Call } from './support';

function store(call: Call): PackageStore {
  return new PackageStore(call.machine.files);
}

export const dpkgQuery = program('dpkg-query', (call) => {
  const { flags, values, rest } = options('dpkg-query', call.args, {
    short: 'Wlsf:',
    long: { show: 'W', 'showformat:': 'f', status: 's', list: 'l' },
  });
  // dpkg takes `-f=FORMAT` as well.
  const format = (values.get('f') ?? '${Package}\\t${Version}\\n').replace(/^=/, '');
  const packages = store(call);
  const installed = packages.installed();
  let errors = '';
  const names = rest.length === 0 && !flags.has('s') ? installed.map(({ name }) => name) : rest;
  const lines = names.map((name) => {
    const version = installed.find((one) => one.name === name)?.version;
    if (version === undefined) {
      errors += `dpkg-query: no packages found matching ${name}\n`;
      return '';
    }
    const fields: Record<string, string> = {
      Package: name,
      Version: version,
      Status: 'install ok installed',
      'db:Status-Status': 'installed',
      'db:Status-Abbrev': 'ii ',
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

export const dpkg = program('dpkg', (call) => {
  const [verb, ...rest] = call.args;
  if (verb === '--print-architecture') return 'arm64\n';
  if (verb === '-l' || verb === '-s')
    return call.ctx.exec?.('dpkg-query', { cwd: call.cwd, args: [...call.args] }) ?? '';
  // Nothing here is ever half installed, and nothing leaves settings behind.
  if (verb === '--configure' && rest[0] === '-a') return '';
  if (verb === '--purge' || verb === '-P') {
    const there = rest.filter((name) => store(call).has(name));
    if (there.length > 0) fail(`dpkg: error: ${there.join(' ')} is installed; remove it first`, 2);
    return '';
  }
  return fail('dpkg: error: this practice machine installs by apt only', 2);
});

export const snap = program('snap', () =>
  fail('error: the snaps of this practice machine cannot be changed', 1),
);
