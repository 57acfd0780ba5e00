import type { AppInfo, Blocker } from '../../api/types';

export type InputInfo = AppInfo['playbooks'][number]['inputs'][number];

/**
 * The choices that a stage offers: those that always have a value, and those that the person has made. What is only asked when
 * the nodes make it necessary stands with the blocker that asks it.
 */
export function stageInputs(
  inputs: readonly InputInfo[],
  stage: string,
  chosen: readonly string[],
  blockers: readonly Blocker[],
): InputInfo[] {
  const asked = new Set(blockers.flatMap(({ decide }) => (decide ? [decide.input] : [])));
  return inputs.filter(
    ({ key, default: standard }) =>
      key.startsWith(`${stage}.`) && !asked.has(key) && (standard !== null || chosen.includes(key)),
  );
}
