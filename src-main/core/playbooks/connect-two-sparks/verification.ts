import type { Verification } from '../../engine/playbook';
import { mergeCauses } from './causes';

/** Several verifications as one. */
export function together(...parts: readonly Verification[]): Verification {
  const evidence = parts.flatMap((part) => part.evidence ?? []);
  return {
    ok: parts.every(({ ok }) => ok),
    notes: parts.flatMap(({ notes }) => notes),
    causes: mergeCauses(...parts.map(({ causes }) => causes)),
    ...(evidence.length > 0 ? { evidence: evidence.join('\n') } : {}),
  };
}
