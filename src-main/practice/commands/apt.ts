import { PackageStore } from '../machine/package-store';
import { fail, program, type Answer, type Call } from './support';

/** `-o NAME=VALUE` and what else apt-get takes before and after its verb. */
function read(args: readonly string[]): { flags: Set<string>; verb: string; names: string[] } {
  const flags = new Set<string>();
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '-o' || word === '-t' || word === '-c') at += 1;
    else if (word.startsWith('-')) flags.add(word);
    else words.push(word);
  }
  const [verb = '', ...names] = words;
  return { flags, verb, names };
}

function run(call: Call): Answer {
  const { flags, verb, names } = read(call.args);
  const store = new PackageStore(call.machine.files);
  const dry = flags.has('-s') || flags.has('--simulate') || flags.has('--dry-run');
  if (!dry && ['install', 'remove', 'purge', 'update'].includes(verb) && !call.caller.root)
    fail(
      'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?',
      100,
    );
  switch (verb) {
    case 'update':
      return 'Hit:1 http://ports.ubuntu.com/ubuntu-ports noble InRelease\nReading package lists...\n';
    case 'install':
      return install(store, names, dry);
    case 'remove':
    case 'purge':
      return remove(store, names, dry);
    default:
      return fail(`E: Invalid operation ${verb}`, 100);
  }
}

const lists = 'Reading package lists...\nBuilding dependency tree...\nReading state information...\n';

function install(store: PackageStore, names: readonly string[], dry: boolean): Answer {
  const unknown = names.filter((name) => store.find(name) === undefined);
  if (unknown.length > 0)
    return {
      stdout: lists,
      stderr: unknown.map((name) => `E: Unable to locate package ${name}\n`).join(''),
      exitCode: 100,
    };
  const coming = store.missing(names);
  const rows = coming.map(
    (name) => `${name} (${store.find(name)?.version ?? ''} Ubuntu:24.04/noble [arm64])`,
  );
  const summary = `0 upgraded, ${coming.length} newly installed, 0 to remove and 0 not upgraded.\n`;
  if (dry)
    return `${lists}${summary}${rows.map((row) => `Inst ${row}\n`).join('')}${rows.map((row) => `Conf ${row}\n`).join('')}`;
  // Asking for a package by name makes it wanted, also where it was there.
  store.mark(names, false);
  store.install(
    coming,
    coming.filter((name) => !names.includes(name)),
  );
  return `${lists}${summary}${coming.map((name) => `Setting up ${name} (${store.find(name)?.version ?? ''}) ...\n`).join('')}`;
}

function remove(store: PackageStore, names: readonly string[], dry: boolean): Answer {
  const going = store.dependents(names);
  const summary = `0 upgraded, 0 newly installed, ${going.length} to remove and 0 not upgraded.\n`;
  if (dry)
    return `${lists}${summary}${going.map((name) => `Remv ${name} [${store.find(name)?.version ?? ''}]\n`).join('')}`;
  store.remove(going);
  return `${lists}${summary}${going.map((name) => `Removing ${name} (${store.find(name)?.version ?? ''}) ...\n`).join('')}`;
}

export const aptGet = program('apt-get', run);
export const apt = program('apt', run);

export const aptMark = program('apt-mark', (call) => {
  const [verb = '', ...names] = call.args;
  const store = new PackageStore(call.machine.files);
  const auto = new Set(store.auto());
  switch (verb) {
    case 'showauto':
    case 'showmanual':
      return store
        .installed()
        .filter(({ name }) => auto.has(name) === (verb === 'showauto'))
        .map(({ name }) => `${name}\n`)
        .join('');
    case 'auto':
    case 'manual':
      if (!call.caller.root) fail('E: Could not create temporary file for /var/lib/apt/extended_states', 100);
      store.mark(names, verb === 'auto');
      return names
        .map((name) => `${name} set to ${verb === 'auto' ? 'automatically' : 'manually'} installed.\n`)
        .join('');
    default:
      return fail(`E: Invalid operation ${verb}`, 100);
  }
});
