import { liveChanges, summarize, type RunState } from '../../core/engine/run-state';
import { failureText } from './failure-view';
import type { Paint } from './paint';
import { plain } from '../../words/plain';
import { table } from './table';
import type { Words } from '../../words/words';

/** All runs, newest first. */
export function runsTable(states: readonly RunState[], words: Words, paint: Paint): string[] {
  const head = ['run', 'playbook', 'started', 'status', 'nodes', 'in-place'].map((name) =>
    paint.bold(words.say(`cli.runs.${name}`)),
  );
  const rows = states.map((state) => [
    plain(state.run),
    plain(state.playbook),
    words.when(state.startedAt),
    words.say(`cli.status.${state.status}`),
    state.nodes.map(({ name }) => plain(name)).join(', '),
    words.number(liveChanges(state).length),
  ]);
  return table([head, ...rows]);
}

/** One run with its stages, its changes and its failure. */
export function runText(state: RunState, words: Words, paint: Paint): string[] {
  const summary = summarize(state);
  const ended = summary.endedAt === null ? '–' : words.when(summary.endedAt);
  const facts = [
    [words.say('cli.runs.playbook'), plain(summary.playbook)],
    [words.say('cli.runs.status'), words.say(`cli.status.${summary.status}`)],
    [words.say('cli.runs.started'), words.when(summary.startedAt)],
    [words.say('cli.runs.ended'), ended],
    ...state.nodes.map((node) => [
      plain(node.name),
      plain(`${node.user}@${node.host}:${node.port}  ${node.hostKey}`),
    ]),
    ...Object.entries(state.inputs).map(([key, value]) => [plain(key), plain(value)]),
  ];
  const stages = summary.stages.flatMap(({ id, status, notes }) => [
    '',
    `${paint.bold(words.stage(summary.playbook, id))}  ${paint.dim(words.say(`cli.stage.${status}`))}`,
    ...notes.map((note) => `    ${words.message(note)}`),
    ...table(
      summary.changes
        .filter(({ stage }) => stage === id)
        .map((change) => [
          `    ${words.say(`cli.change.${change.status}`)}`,
          words.message(change.summary),
          paint.dim(plain(change.id)),
        ]),
    ),
  ]);
  const failure = summary.failure ? ['', failureText(summary.failure, words, paint)] : [];
  return [
    paint.bold(words.say('cli.show.title', { run: summary.run })),
    ...table(facts),
    ...stages,
    ...failure,
  ];
}
