import type { Blocker, Plan } from '../../contract/plan';
import type { Prepared } from '../../core/engine/planner';
import type { Cli } from './cli';
import type { PairInHand } from './home';
import { plain } from '../../words/plain';
import { blockerLines } from './plan-view';

/** Chosen instead of an answer: Ctrl-C would say the same. No value of an input starts with a space. */
const STOP = ' stop';

export interface StageBlocker {
  readonly stage: string;
  readonly blocker: Blocker;
}

export function blockersOf(plan: Plan): StageBlocker[] {
  return plan.stages.flatMap(({ id, blockers }) => blockers.map((blocker) => ({ stage: id, blocker })));
}

/**
 * Plans; asks what only the owner can decide, as long as somebody is there, and plans again with the answers.
 * @returns the plan; with blockers in it when they could not be, or were not, decided
 */
export async function planWithAnswers(
  cli: Cli,
  pair: PairInHand,
  playbook: string,
  given: Readonly<Record<string, string>>,
  resume: string | undefined,
): Promise<Prepared> {
  let inputs = given;
  for (;;) {
    cli.output.note(cli.output.paintErr.dim(cli.words.say('event.looking')));
    const prepared = await pair.plan(playbook, inputs, {
      ...(resume === undefined ? {} : { resume }),
      signal: cli.signal,
    });
    const blockers = blockersOf(prepared.plan);
    if (blockers.length === 0 || !cli.mayAsk || !blockers.every(({ blocker }) => blocker.decide))
      return prepared;
    const answers = await askAll(cli, blockers);
    if (!answers) return prepared;
    inputs = { ...inputs, ...answers };
  }
}

async function askAll(
  cli: Cli,
  blockers: readonly StageBlocker[],
): Promise<Record<string, string> | undefined> {
  const answers: Record<string, string> = {};
  const asker = await cli.asker?.();
  for (const { blocker } of blockers) {
    if (!asker || !blocker.decide || blocker.decide.input in answers) continue;
    const { input, values } = blocker.decide;
    for (const line of blockerLines({ ...blocker, decide: undefined }, cli.words, cli.output.paintErr)) {
      cli.output.note(line);
    }
    const question = cli.words.say('cli.decide.question', { input });
    const choices = [
      ...values.map((value) => ({ value, label: plain(value), hint: plain(`--set ${input}=${value}`) })),
      { value: STOP, label: cli.words.say('cli.decide.stop') },
    ];
    const answer =
      values.length === 0
        ? await asker.text(question, cli.signal)
        : await asker.choose(question, choices, cli.signal);
    if (answer === STOP || answer === '') return undefined;
    answers[input] = answer;
  }
  return answers;
}
