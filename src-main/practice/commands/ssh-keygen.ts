import { randomBytes } from 'node:crypto';
import { fingerprint, makeKey, privateKeyFile, readPrivateKey, readPublicKey } from '../machine/ssh-key';
import { hashHost, hostPattern, isAbout, parseKnownHosts } from './known-hosts';
import { fail, options, program, type Call } from './support';

const spec = { short: 'qylHBeipAcvt:N:C:f:F:R:b:P:E:a:O:Z:' };

async function read(call: Call, path: string): Promise<string> {
  return path === '-'
    ? call.stdin()
    : call.fs.readFile(call.path(path)).catch(() => fail(`${path}: No such file or directory`, 255));
}

export const sshKeygen = program('ssh-keygen', async (call) => {
  const { flags, values } = options('ssh-keygen', call.args, spec);
  const user = call.caller.root ? 'root' : call.caller.user;
  const home = call.machine.home(user);
  const file = values.get('f');
  if (values.has('F')) return search(call, file ?? `${home}/.ssh/known_hosts`, values.get('F') ?? '', flags);
  if (values.has('R')) return forget(call, file ?? `${home}/.ssh/known_hosts`, values.get('R') ?? '');
  if (flags.has('H')) return hashAll(call, file ?? `${home}/.ssh/known_hosts`);
  if (flags.has('l') || flags.has('B')) return list(call, file ?? `${home}/.ssh/id_ed25519.pub`);
  if (flags.has('y')) return publicHalf(call, file ?? `${home}/.ssh/id_ed25519`);
  return generate(call, {
    type: values.get('t') ?? 'ed25519',
    file,
    passphrase: values.get('N'),
    comment: values.get('C'),
    quiet: flags.has('q'),
  });
});

async function generate(
  call: Call,
  given: {
    type: string;
    file: string | undefined;
    passphrase: string | undefined;
    comment: string | undefined;
    quiet: boolean;
  },
): Promise<string> {
  if (given.type !== 'ed25519') fail(`This practice machine makes ed25519 keys only, not ${given.type}.`);
  if (given.passphrase !== undefined && given.passphrase !== '')
    fail('This practice machine makes keys without a passphrase only.');
  const user = call.caller.root ? 'root' : call.caller.user;
  const path = call.path(given.file ?? `${call.machine.home(user)}/.ssh/id_ed25519`);
  if (await call.fs.exists(path)) fail(`${path} already exists.\nOverwrite (y/n)?`);
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  if (!(await call.fs.exists(folder))) {
    if (given.file !== undefined) fail(`Saving key "${given.file}" failed: No such file or directory`);
    await call.fs.mkdir(folder);
    await call.fs.chmod(folder, 0o700);
  }
  const key = makeKey(given.comment ?? `${user}@${call.machine.hostname()}`);
  await call.fs.writeFile(path, privateKeyFile(key));
  await call.fs.chmod(path, 0o600);
  await call.fs.writeFile(`${path}.pub`, `${key.publicKey} ${key.comment}\n`);
  await call.fs.chmod(`${path}.pub`, 0o644);
  if (given.quiet) return '';
  const shown = given.file ?? path;
  return `Generating public/private ed25519 key pair.\nYour identification has been saved in ${shown}\nYour public key has been saved in ${shown}.pub\nThe key fingerprint is:\n${fingerprint(key.publicKey)} ${key.comment}\n`;
}

async function publicHalf(call: Call, file: string): Promise<string> {
  const key = readPrivateKey(await read(call, file)) ?? fail(`Load key "${file}": error in libcrypto`, 255);
  return `${key.publicKey}${key.comment === '' ? '' : ` ${key.comment}`}\n`;
}

const bits: Record<string, number> = { 'ssh-ed25519': 256, 'ecdsa-sha2-nistp256': 256, 'ssh-rsa': 3072 };
const names: Record<string, string> = {
  'ssh-ed25519': 'ED25519',
  'ecdsa-sha2-nistp256': 'ECDSA',
  'ssh-rsa': 'RSA',
};

/** A line for each key of a public key file, or for a private key. */
async function list(call: Call, file: string): Promise<string> {
  const text = await read(call, file);
  const secret = readPrivateKey(text);
  const lines = secret ? [`${secret.publicKey} ${secret.comment}`] : text.split('\n');
  const keys = lines.flatMap((line) => readPublicKey(line) ?? []);
  if (keys.length === 0) fail(`${file === '-' ? '(stdin)' : file} is not a public key file.`, 255);
  return keys
    .map(
      ({ publicKey, type, comment }) =>
        `${bits[type] ?? 256} ${fingerprint(publicKey)} ${comment || 'no comment'} (${names[type] ?? type.toUpperCase()})\n`,
    )
    .join('');
}

function patternOf(name: string): string {
  const [, host = name, port] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(name) ?? [];
  return name.startsWith('[') ? hostPattern(host, Number(port ?? 22)) : name;
}

async function search(call: Call, file: string, name: string, flags: ReadonlySet<string>) {
  const found = parseKnownHosts(await read(call, file)).filter((line) => isAbout(line, patternOf(name)));
  const text = found
    .map(({ line, text: own, key }) =>
      flags.has('l')
        ? `# Host ${name} found: line ${line} \n${name} ${names[key.split(' ')[0] ?? ''] ?? ''} ${fingerprint(key)}\n`
        : `# Host ${name} found: line ${line} \n${own}\n`,
    )
    .join('');
  return { stdout: text, stderr: '', exitCode: found.length > 0 ? 0 : 1 };
}

async function forget(call: Call, file: string, name: string): Promise<string> {
  const text = await read(call, file);
  const found = parseKnownHosts(text).filter((line) => isAbout(line, patternOf(name)));
  if (found.length === 0) fail(`Host ${name} not found in ${file}`);
  const gone = new Set(found.map(({ line }) => line));
  const path = call.path(file);
  await call.fs.writeFile(`${path}.old`, text);
  await call.fs.writeFile(
    path,
    text
      .split('\n')
      .filter((_, index) => !gone.has(index + 1))
      .join('\n'),
  );
  return `${found.map(({ line }) => `# Host ${name} found: line ${line}\n`).join('')}${file} updated.\nOriginal contents retained as ${file}.old\n`;
}

async function hashAll(call: Call, file: string): Promise<string> {
  const text = await read(call, file);
  const known = new Map(parseKnownHosts(text).map((one) => [one.line, one]));
  const lines = text.split('\n').flatMap((line, index) => {
    const one = known.get(index + 1);
    if (one === undefined || one.hosts.startsWith('|') || /[*?!]/.test(one.hosts)) return [line];
    return one.hosts.split(',').map((host) => {
      const salt = randomBytes(20);
      return line.replace(one.hosts, `|1|${salt.toString('base64')}|${hashHost(host, salt)}`);
    });
  });
  const path = call.path(file);
  await call.fs.writeFile(`${path}.old`, text);
  await call.fs.writeFile(path, lines.join('\n'));
  return `${file} updated.\nOriginal contents retained as ${file}.old\n`;
}
