import { address } from './address';
import { block } from './block';
import { build } from './build';
import { directory } from './directory';
import { file } from './file';
import { firewall } from './firewall';
import { keypair } from './keypair';
import type { AnyKind } from './kind';
import { netplan } from './netplan';
import { packages } from './package';
import { tree } from './tree';
import { unit } from './unit';
import { user } from './user';

const all: readonly AnyKind[] = [
  file,
  block,
  directory,
  keypair,
  user,
  packages,
  unit,
  tree,
  build,
  firewall,
  netplan,
  address,
];

/** Every kind of change by the name that specs and journals use. */
export const kinds: ReadonlyMap<string, AnyKind> = new Map(all.map((kind) => [kind.name, kind]));
