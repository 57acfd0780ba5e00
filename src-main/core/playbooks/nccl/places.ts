import type { SourceName } from './inputs';
import type { Place } from './shared';

/** Where the clone of a repository is. */
export function treeFolder({ folder }: Place, what: SourceName): string {
  return `${folder}/${what}`;
}

/** Where what is built from it goes: beside the clone, which so stays as it came. */
export function buildFolder({ folder }: Place, what: SourceName): string {
  return `${folder}/${what}-build`;
}
