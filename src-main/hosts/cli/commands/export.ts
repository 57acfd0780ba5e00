import type { Cli, Outcome } from '../cli';
import { Failure } from '../../../core/failure';
import { blockersOf, planWithAnswers } from '../decide';
import { bashScript } from '../../../app/export-bash';
import { failureData } from '../failure-view';
import { requireNodes } from '../node-choice';
import { blockerLines, decisions } from '../plan-view';
import { findPlaybook, givenInputs, withPair } from '../with-pair';

/** `twinspark export PLAYBOOK --format bash`: the plan as a script; changes nothing. */
export async function exportPlan(cli: Cli, id: string): Promise<Outcome> {
  const home = await cli.home();
  const playbook = findPlaybook(home, id);
  const given = givenInputs(cli, playbook);
  const chosen = await requireNodes(cli.options, cli, home);
  return withPair(cli, home, chosen, playbook.id, async (pair, checklist) => {
    const { plan } = await planWithAnswers(cli, pair, playbook.id, given, undefined);
    checklist.stop();
    const blockers = blockersOf(plan);
    if (blockers.length > 0) {
      for (const { blocker } of blockers) {
        for (const line of blockerLines(blocker, cli.words, cli.output.paintErr)) cli.output.note(line);
      }
      const failure = new Failure('STAGE_BLOCKED', { stage: blockers[0]?.stage ?? '' });
      const blocked = blockers.map(({ stage, blocker }) => ({ stage, ...blocker, set: decisions(blocker) }));
      return { exitCode: 1, result: { blocked, failure: failureData(failure.info, cli.words) } };
    }
    const script = bashScript(plan, cli.words);
    cli.output.raw(script);
    return { exitCode: 0, result: { format: 'bash', plan: plan.hash, script } };
  });
}
