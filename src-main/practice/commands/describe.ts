import type { OwnedStat } from '../machine/node-model';
import type { Ground } from './support';

const letters = { file: '-', directory: 'd', symlink: 'l' } as const;

/** `drwxr-xr-x`, with set-id and sticky bits where `ls` shows them. */
export function modeText({ type, mode }: OwnedStat): string {
  const triple = (bits: number, special: boolean, mark: string) =>
    (bits & 4 ? 'r' : '-') +
    (bits & 2 ? 'w' : '-') +
    (special ? (bits & 1 ? mark : mark.toUpperCase()) : bits & 1 ? 'x' : '-');
  return (
    letters[type] +
    triple((mode >> 6) & 7, (mode & 0o4000) !== 0, 's') +
    triple((mode >> 3) & 7, (mode & 0o2000) !== 0, 's') +
    triple(mode & 7, (mode & 0o1000) !== 0, 't')
  );
}

export function userName({ machine }: Ground, uid: number): string | undefined {
  return machine.accounts.all().find((one) => one.uid === uid)?.name;
}

export function groupName({ machine }: Ground, gid: number): string | undefined {
  return machine.accounts.groups().find((one) => one.gid === gid)?.name;
}

/** A number by a name or a number; undefined for a name that nobody has. */
export function uidOf({ machine }: Ground, text: string): number | undefined {
  return machine.accounts.all().find(({ name }) => name === text)?.uid ?? numeric(text);
}

export function gidOf({ machine }: Ground, text: string): number | undefined {
  return machine.accounts.groups().find(({ name }) => name === text)?.gid ?? numeric(text);
}

function numeric(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** Below a path, the path itself first; links are not followed. */
export async function walk({ fs }: Ground, path: string): Promise<string[]> {
  const { type } = await fs.lstatOwned(path);
  if (type !== 'directory') return [path];
  const found = [path];
  for (const name of await fs.readdir(path)) found.push(...(await walk({ fs } as Ground, join(path, name))));
  return found;
}

export function join(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

/** `2026-11-20 14:04:05.000000000 +0000` */
export function fullTime(date: Date): string {
  return `${date.toISOString().replace('T', ' ').replace('Z', '')}000000 +0000`;
}
