import type { RollbackResult } from '../../core/engine/parts';
import type { Cli, Outcome } from './cli';
import { rollbackExit } from './exit-codes';
import { failureData, failureText } from './failure-view';
import { plain } from '../../words/plain';
import { diffLines } from './plan-view';

/** Says how a rollback ended and makes its outcome. */
export function rollbackOutcome(cli: Cli, result: RollbackResult): Outcome {
  const { output, words } = cli;
  const { paint } = output;
  const failures = result.failed.map(({ failure }) => failure);
  const exitCode = rollbackExit(result.outcome, failures);
  for (const { id, node, difference } of result.drifted) {
    output.say(paint.yellow(`≠ ${words.say('cli.rollback.drifted', { change: id, node })}`));
    for (const line of diffLines(difference, paint)) output.say(`    ${line}`);
  }
  for (const { id, failure } of result.failed) {
    output.say(`${paint.red('✗')} ${plain(id)}`);
    output.say(failureText(failure, words, paint));
  }
  const verdict = words.say(`cli.rollback.${verdictOf(result)}`, {
    run: result.run,
    restored: result.restored,
    drifted: result.drifted.length,
    failed: result.failed.length,
  });
  output.say(exitCode === 0 ? `${paint.green('✓')} ${verdict}` : `${paint.yellow('!')} ${verdict}`);
  return {
    exitCode,
    result: {
      ...result,
      failed: result.failed.map((entry) => ({ ...entry, failure: failureData(entry.failure, words) })),
    },
  };
}

function verdictOf({ outcome }: RollbackResult): 'whole' | 'part' | 'differences' | 'unfinished' {
  switch (outcome) {
    case 'rolled-back':
      return 'whole';
    case 'rolled-back-with-differences':
      return 'differences';
    case 'unfinished':
      return 'unfinished';
    case 'done':
    case 'failed':
    case 'cancelled':
      return 'part';
  }
}
