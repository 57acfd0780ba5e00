import { posix } from 'node:path';

/** The absolute path of `path` seen from `base`, without `.` and `..`; no link is followed. */
export function resolve(base: string, path: string): string {
  return posix.resolve('/', base, path);
}

export function basename(path: string): string {
  return posix.basename(path);
}

export function dirname(path: string): string {
  return posix.dirname(path);
}
