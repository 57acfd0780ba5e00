import { Failure } from '../failure';
import type { Inputs, InputSpec } from './playbook';

/**
 * Checks what the person gave and fills in the defaults.
 * @throws Failure BAD_INPUT (params: input, allowed) for an unknown key or a value that is not allowed
 */
export function resolveInputs(specs: readonly InputSpec[], given: Inputs): Record<string, string> {
  const known = new Map(specs.map((spec) => [spec.key, spec]));
  for (const [key, value] of Object.entries(given)) {
    const spec = known.get(key);
    if (!spec) throw new Failure('BAD_INPUT', { input: key, allowed: [...known.keys()].join(', ') });
    if (spec.values && !spec.values.includes(value)) {
      throw new Failure('BAD_INPUT', { input: key, allowed: spec.values.join(', ') });
    }
    if (spec.pattern && !spec.pattern.test(value)) {
      throw new Failure('BAD_INPUT', { input: key, allowed: spec.pattern.source });
    }
  }
  const defaults = specs.flatMap((spec) => (spec.default === undefined ? [] : [[spec.key, spec.default]]));
  return { ...(Object.fromEntries(defaults) as Record<string, string>), ...given };
}
