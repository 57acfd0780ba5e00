import { resolveInputs } from '../../core/engine/inputs';
import type { Playbook } from '../../core/engine/playbook';
import { Failure } from '../../core/failure';
import { parseSettings } from './arguments';
import { Checklist } from './checklist';
import type { Cli } from './cli';
import type { Home, PairInHand } from './home';
import type { ChosenNodes } from './node-choice';

/** Connects both nodes, works on them with progress shown, and closes the connections whatever happens. */
export async function withPair<T>(
  cli: Cli,
  home: Home,
  chosen: ChosenNodes,
  playbook: string,
  work: (pair: PairInHand, checklist: Checklist) => Promise<T>,
): Promise<T> {
  cli.useSecrets(chosen.secrets);
  const checklist = new Checklist(playbook, cli.output, cli.words);
  cli.listener = checklist.show;
  checklist.start();
  try {
    const pair = await home.engine.open(chosen.nodes, cli.signal);
    try {
      return await work(pair, checklist);
    } finally {
      await pair.close();
    }
  } finally {
    checklist.stop();
  }
}

/** @throws Failure UNKNOWN_PLAYBOOK before anything is connected */
export function findPlaybook(home: Home, id: string): Playbook {
  const playbook = home.playbooks.get(id);
  if (playbook) return playbook;
  throw new Failure('UNKNOWN_PLAYBOOK', { playbook: id, known: [...home.playbooks.keys()].join(', ') });
}

/** What `--set` gave. @throws Failure USAGE, BAD_INPUT before anything is connected */
export function givenInputs(cli: Cli, playbook: Playbook): Record<string, string> {
  const given = parseSettings(cli.options.set);
  resolveInputs(playbook.inputs, given);
  return given;
}

/** Those of a run's inputs that somebody chose: a default stays free to be moved out of the way of a clash. */
export function chosenInputs(
  playbook: Playbook,
  inputs: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = new Map(playbook.inputs.map((spec) => [spec.key, spec.default]));
  return Object.fromEntries(
    Object.entries(inputs).filter(([key, value]) => known.has(key) && known.get(key) !== value),
  );
}
