import type { FsStat } from 'just-bash';
import type { NodeFs } from '../machine/node-model';

/**
 * The files as the interpreter looks for commands in them: it runs a command only where a file of that name is in the
 * PATH, and the shell's own have none on the machine.
 */
export function shellView(fs: NodeFs, commands: readonly string[]): NodeFs {
  const paths = new Set(commands.map((name) => `/usr/bin/${name}`));
  const own = {
    exists: async (path: string) => paths.has(path) || (await fs.exists(path)),
    stat: async (path: string): Promise<FsStat> =>
      paths.has(path) && !(await fs.exists(path)) ? program : fs.stat(path),
  };
  return new Proxy(fs, {
    get(target, key) {
      if (key === 'exists' || key === 'stat') return own[key];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}

const program: FsStat = {
  isFile: true,
  isDirectory: false,
  isSymbolicLink: false,
  mode: 0o755,
  size: 0,
  mtime: new Date(0),
};
