import type { FileLocks } from './file-locks';

/** An open file: what locks are held by. A shell inside a shell has those of the outer one, and adds its own. */
export interface OpenFile {
  readonly path: string;
}

/** Files that shells opened by `exec N>path`, by descriptor. A lock ends with the last descriptor of its open file. */
export class Descriptors {
  readonly #scopes = [new Map<number, OpenFile>()];

  constructor(private readonly locks: FileLocks) {}

  enter(): void {
    this.#scopes.push(new Map(this.#scopes.at(-1)));
  }

  leave(): void {
    const left = this.#scopes.pop();
    for (const file of left?.values() ?? []) this.#unlessOpen(file);
  }

  open(fd: number, path: string): void {
    this.close(fd);
    this.#scopes.at(-1)?.set(fd, { path });
  }

  close(fd: number): void {
    const scope = this.#scopes.at(-1);
    const file = scope?.get(fd);
    scope?.delete(fd);
    if (file !== undefined) this.#unlessOpen(file);
  }

  get(fd: number): OpenFile | undefined {
    return this.#scopes.at(-1)?.get(fd);
  }

  #unlessOpen(file: OpenFile): void {
    if (!this.#scopes.some((scope) => [...scope.values()].includes(file)))
      this.locks.release(file.path, file);
  }
}
