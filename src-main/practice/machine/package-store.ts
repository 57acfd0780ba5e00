import { packageList, type PackageInfo } from './package-list';
import { dirname } from './paths';
import type { RootFiles } from './root-files';

const statusFile = '/var/lib/dpkg/status';
const autoFile = '/var/lib/apt/extended_states';

/** What dpkg and apt keep of a machine's packages, in their own files; programs and files come and go with them. */
export class PackageStore {
  constructor(private readonly files: RootFiles) {}

  /** What the machine comes with; the programs of all others are taken away. */
  furnish(): void {
    this.files.write(
      statusFile,
      packageList
        .filter(({ extra }) => extra !== true)
        .map(stanza)
        .join(''),
    );
    this.files.write(autoFile, '');
    for (const { extra, programs = [] } of packageList)
      if (extra === true) for (const name of programs) this.files.remove(`/usr/bin/${name}`);
  }

  /** Installed ones, by name. */
  installed(): PackageInfo[] {
    const text = this.files.read(statusFile) ?? '';
    const names = new Set([...text.matchAll(/^Package: (\S+)$/gm)].map(([, name]) => name));
    return packageList
      .filter(({ name }) => names.has(name))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  has(name: string): boolean {
    return this.installed().some((one) => one.name === name);
  }

  find(name: string): PackageInfo | undefined {
    return packageList.find((one) => one.name === name);
  }

  /** Names that are to come for these to be there, what they need first. */
  missing(names: readonly string[]): string[] {
    const found: string[] = [];
    const visit = (name: string) => {
      if (found.includes(name) || this.has(name)) return;
      for (const one of this.find(name)?.depends ?? []) visit(one);
      found.push(name);
    };
    names.forEach(visit);
    return found;
  }

  /** These, and all that cannot be without them. */
  dependents(names: readonly string[]): string[] {
    const gone = new Set(names.filter((name) => this.has(name)));
    for (let size = -1; size !== gone.size;) {
      size = gone.size;
      for (const { name, depends = [] } of this.installed())
        if (depends.some((one) => gone.has(one))) gone.add(name);
    }
    return [...gone];
  }

  /** @param auto those that came because others need them */
  install(names: readonly string[], auto: readonly string[]): void {
    const added = names.flatMap((name) => this.find(name) ?? []);
    this.#write([...this.installed(), ...added]);
    for (const { programs = [], files = [] } of added) {
      for (const name of programs) this.files.write(`/usr/bin/${name}`, program, { mode: 0o755 });
      for (const path of files) this.files.write(path, '');
    }
    this.mark(auto, true);
  }

  remove(names: readonly string[]): void {
    for (const name of names) {
      const { programs = [], files = [] } = this.find(name) ?? {};
      for (const one of programs) this.files.remove(`/usr/bin/${one}`);
      for (const path of files) this.#takeAway(path);
    }
    this.#write(this.installed().filter(({ name }) => !names.includes(name)));
    this.mark(names, false);
  }

  auto(): string[] {
    const text = this.files.read(autoFile) ?? '';
    return [...text.matchAll(/^Package: (\S+)$/gm)].flatMap(([, name]) => name ?? []);
  }

  mark(names: readonly string[], auto: boolean): void {
    const marked = new Set(this.auto());
    for (const name of names)
      if (auto) marked.add(name);
      else marked.delete(name);
    const text = [...marked]
      .sort()
      .map((name) => `Package: ${name}\nArchitecture: arm64\nAuto-Installed: 1\n\n`);
    this.files.write(autoFile, text.join(''));
  }

  #write(list: readonly PackageInfo[]): void {
    const sorted = list.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    this.files.write(statusFile, sorted.map(stanza).join(''));
  }

  /** With the folders that it was alone in. */
  #takeAway(path: string): void {
    this.files.remove(path);
    for (let folder = dirname(path); folder.startsWith('/usr/lib/'); folder = dirname(folder)) {
      if (this.files.list(folder).length > 0) return;
      this.files.remove(folder);
    }
  }
}

const program = '\u007fELF (a program of the practice machine)\n';

function stanza({ name, version, depends = [] }: PackageInfo): string {
  const needs = depends.length === 0 ? '' : `Depends: ${depends.join(', ')}\n`;
  return `Package: ${name}\nStatus: install ok installed\nArchitecture: arm64\nVersion: ${version}\n${needs}\n`;
}
