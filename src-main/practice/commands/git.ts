import { commitOf, repositories, repositoryAt, type Repository } from '../machine/repositories';
import { dirname } from '../machine/paths';
import { join } from './describe';
import { fail, program, type Answer, type Call } from './support';

/** git as far as clones of public repositories go: each has one commit checked out, without branches of its own. */
export const git = program('git', (call) => {
  const words = [...call.args];
  let folder = call.cwd;
  for (let word = words[0]; word?.startsWith('-') === true; word = words[0]) {
    words.shift();
    if (word === '-C') folder = call.fs.resolvePath(folder, words.shift() ?? '');
    else if (word === '-c') words.shift();
    else if (word === '--version') return 'git version 2.43.0\n';
  }
  const [verb = '', ...rest] = words;
  const run = verbs[verb];
  return run === undefined
    ? fail(`git: '${verb}' is not a git command of this practice machine.`)
    : run(call, folder, rest);
});

const verbs: Readonly<
  Record<string, (call: Call, folder: string, args: readonly string[]) => Promise<Answer>>
> = {
  init,
  fetch,
  clone,
  status,
  checkout,
  'rev-parse': async (call, folder, args) => {
    const name = (args.at(-1) ?? 'HEAD').replace(/\^\{commit\}$/, '');
    const text = await read(call, `${folder}/.git/${name}`);
    const commit = /^[0-9a-f]{40}/.exec(text ?? '')?.[0];
    return `${commit ?? fail(`fatal: ambiguous argument '${name}': unknown revision`, 128)}\n`;
  },
  remote: async (call, folder, args) => {
    const [verb, name = '', url = ''] = args;
    const path = `${folder}/.git/config`;
    const config = (await read(call, path)) ?? fail('fatal: not a git repository', 128);
    if (verb === 'add') await write(call, path, `${config}[remote "${name}"]\n\turl = ${url}\n`);
    return verb === '-v'
      ? [...config.matchAll(/url = (.*)/g)].map(([, one]) => `origin\t${one ?? ''} (fetch)\n`).join('')
      : '';
  },
};

async function init(call: Call, _folder: string, args: readonly string[]): Promise<Answer> {
  const given = args.find((word) => !word.startsWith('-')) ?? '.';
  const folder = call.path(given);
  await call.fs.mkdir(`${folder}/.git/refs`, { recursive: true });
  await write(call, `${folder}/.git/HEAD`, 'ref: refs/heads/master\n');
  await write(call, `${folder}/.git/config`, '[core]\n\trepositoryformatversion = 0\n\tbare = false\n');
  return args.includes('-q') ? '' : `Initialized empty Git repository in ${folder}/.git/\n`;
}

/** Where an address leads and what is asked for there. */
function lookUp(url: string, ref: string): { repository: Repository; commit: string } {
  const host = /^https?:\/\/([^/]+)/.exec(url)?.[1];
  const repository = repositoryAt(url);
  if (repository === undefined)
    fail(
      host === undefined || Object.keys(repositories).some((name) => name.startsWith(`${host}/`))
        ? `fatal: repository '${url}' not found`
        : `fatal: unable to access '${url}': Could not resolve host: ${host}`,
      128,
    );
  const commit = commitOf(repository, url, ref);
  return { repository, commit: commit ?? fail(`fatal: couldn't find remote ref ${ref}`, 128) };
}

async function fetch(call: Call, folder: string, args: readonly string[]): Promise<Answer> {
  const words = args.filter((word, at) => !word.startsWith('-') && args[at - 1] !== '--depth');
  const [url = '', ref = 'master'] = words;
  const { commit } = lookUp(url, ref);
  const kind = /^[0-9a-f]{40}$/.test(ref) ? '' : `${ref.startsWith('v') ? 'tag' : 'branch'} '${ref}' of `;
  await write(call, `${folder}/.git/FETCH_HEAD`, `${commit}\t\t${kind}${url}\n`);
  await write(call, `${folder}/.git/shallow`, `${commit}\n`);
  return '';
}

async function checkout(call: Call, folder: string): Promise<Answer> {
  const fetched = (await read(call, `${folder}/.git/FETCH_HEAD`)) ?? fail('fatal: nothing was fetched', 128);
  const url = fetched.trim().split(/\s/).at(-1) ?? '';
  const { files } = repositoryAt(url) ?? fail(`fatal: repository '${url}' not found`, 128);
  for (const [name, text] of Object.entries(files)) {
    await call.fs.mkdir(dirname(`${folder}/${name}`), { recursive: true });
    await write(call, `${folder}/${name}`, text);
  }
  await write(call, `${folder}/.git/HEAD`, `${fetched.slice(0, 40)}\n`);
  return '';
}

/** What a person types; the app itself fetches step by step. */
async function clone(call: Call, folder: string, args: readonly string[]): Promise<Answer> {
  const at = args.findIndex((word) => word === '-b' || word === '--branch');
  const ref = at < 0 ? 'master' : (args[at + 1] ?? '');
  const words = args.filter(
    (word, index) => !word.startsWith('-') && !['-b', '--branch', '--depth'].includes(args[index - 1] ?? ''),
  );
  const [url = '', target] = words;
  const name =
    target ??
    url
      .replace(/\/+$/, '')
      .replace(/\.git$/, '')
      .split('/')
      .at(-1) ??
    '';
  const path = call.fs.resolvePath(folder, name);
  lookUp(url, ref);
  if ((await call.fs.exists(path)) && (await call.fs.readdir(path)).length > 0)
    fail(`fatal: destination path '${name}' already exists and is not an empty directory.`, 128);
  await call.fs.mkdir(path, { recursive: true });
  await init(call, folder, ['-q', path]);
  await fetch(call, path, [url, ref]);
  await checkout(call, path);
  return { stdout: '', stderr: `Cloning into '${name}'...\n`, exitCode: 0 };
}

/** Every file that is not as it came. */
async function status(call: Call, folder: string): Promise<Answer> {
  const config = (await read(call, `${folder}/.git/FETCH_HEAD`)) ?? fail('fatal: not a git repository', 128);
  const files = repositoryAt(config.trim().split(/\s/).at(-1) ?? '')?.files ?? {};
  const lines: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const now = await read(call, `${folder}/${name}`);
    if (now !== text) lines.push(` ${now === undefined ? 'D' : 'M'} ${name}\n`);
  }
  for (const name of await walk(call, folder, '')) if (files[name] === undefined) lines.push(`?? ${name}\n`);
  return lines.join('');
}

async function walk(call: Call, folder: string, below: string): Promise<string[]> {
  const names = await call.fs.readdir(join(folder, below));
  const all = await Promise.all(
    names
      .filter((name) => below !== '' || name !== '.git')
      .map(async (name) => {
        const path = below === '' ? name : `${below}/${name}`;
        const { type } = await call.fs.lstatOwned(join(folder, path));
        return type === 'directory' ? walk(call, folder, path) : [path];
      }),
  );
  return all.flat();
}

async function read(call: Call, path: string): Promise<string | undefined> {
  return (await call.fs.exists(path)) ? call.fs.readFile(path) : undefined;
}

async function write(call: Call, path: string, text: string): Promise<void> {
  await call.fs.writeFile(path, text);
}
