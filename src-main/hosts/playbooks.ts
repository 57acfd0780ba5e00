import type { Playbook } from '../core/engine/playbook';
import { connectTwoSparks } from '../core/playbooks/connect-two-sparks/playbook';

/** Every playbook of this version, by the name that the command line takes. */
export const playbooks: ReadonlyMap<string, Playbook> = new Map(
  [connectTwoSparks as Playbook].map((playbook) => [playbook.id, playbook]),
);
