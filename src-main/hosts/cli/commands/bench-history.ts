import type { BenchListed, BenchRecord } from '../../../contract/bench-record';
import { beforeAndAfter } from '../../../core/benchmark/history/before-and-after';
import { withStandings } from '../../../core/benchmark/history/standing';
import { Failure } from '../../../core/failure';
import type { BenchEntry } from '../../../core/ports';
import { plain } from '../../../words/plain';
import { resultOf, tell } from '../bench-result';
import { levelText } from '../bench-view';
import type { Cli, Outcome } from '../cli';
import type { Home } from '../home';
import { namedNodes } from '../node-choice';
import { table } from '../table';

/** `twinspark bench list`: all that was measured here, of the named nodes when some are named. */
export async function list(cli: Cli): Promise<Outcome> {
  const home = await cli.home();
  const { output, words } = cli;
  const named = await namedNodes(cli.options, cli, home);
  const names = named?.nodes.map(({ name }) => name);
  const { entries, damaged, later } = await home.benchmarks.list();
  const lines = withStandings(
    names === undefined ? entries : entries.filter(({ nodes }) => same(nodes, names)),
  );
  if (lines.length === 0) output.say(words.say('cli.bench.none'));
  else for (const line of rows(lines, cli)) output.say(line);
  for (const id of damaged) output.note(words.say('window.log.bench-unread', { id, what: 'damaged' }));
  for (const id of later) output.note(words.say('window.log.bench-unread', { id, what: 'later' }));
  return { exitCode: 0, result: { measurements: lines, damaged, later } };
}

/** `twinspark bench show ID`: the beginning of an id is enough, where only one begins so. */
export async function show(cli: Cli, name: string): Promise<Outcome> {
  const home = await cli.home();
  const { output, words } = cli;
  const { entries } = await home.benchmarks.list();
  const entry = find(entries, name);
  const record = await home.benchmarks.read(entry.id);
  const listed = withStandings(entries).find(({ id }) => id === entry.id) ?? null;
  output.say(
    `${output.paint.bold(plain(record.id))}  ${words.when(record.startedAt)}  ${entry.nodes.map(plain).join(' ↔ ')}`,
  );
  tell(cli, record, listed);
  const before = await previous(home, entries, entry);
  const compared = before && beforeAndAfter(before, record);
  if (before && compared) {
    output.say();
    output.say(words.say('cli.bench.since', { id: before.id, time: words.when(before.startedAt) }));
    const { figure, conditions } = compared;
    if (figure) {
      const how = figure.change === 0 ? 'same' : figure.better ? 'better' : 'worse';
      const params = {
        part: Math.abs(figure.change),
        before: figure.before.value,
        after: figure.after.value,
      };
      output.say(`  ${words.say(`bench.changed.${how}`, { ...params, unit: figure.after.unit })}`);
    }
    for (const one of conditions) output.say(`  ${words.message(one)}`);
    if (conditions.length === 0) output.say(`  ${words.say('bench.changed.none')}`);
  }
  const since = before && compared ? { since: before.id, compared } : {};
  const result = { ...resultOf(cli, record, listed), ...since };
  return { exitCode: 0, result };
}

/** @throws Failure NOT_FOUND */
function find(entries: readonly BenchEntry[], name: string): BenchEntry {
  const fitting = entries.filter(({ id }) => id.startsWith(name));
  const [only] = fitting;
  if (only === undefined || fitting.length > 1)
    throw new Failure('NOT_FOUND', { what: 'benchmark', id: name });
  return only;
}

/** The one before it of the same kind. */
async function previous(
  home: Home,
  entries: readonly BenchEntry[],
  entry: BenchEntry,
): Promise<BenchRecord | null> {
  const before = entries.find(
    ({ kind, startedAt, outcome }) =>
      kind === entry.kind && startedAt < entry.startedAt && outcome === 'done',
  );
  return before === undefined ? null : home.benchmarks.read(before.id).catch(() => null);
}

function rows(lines: readonly BenchListed[], { words, output }: Cli): string[] {
  const { paint } = output;
  const head = ['id', 'started', 'nodes', 'test', 'figure', 'verdict'].map((name) =>
    paint.bold(words.say(`cli.bench.list.${name}`)),
  );
  return table([
    head,
    ...lines.map(({ id, startedAt, nodes, request, figure, level, outcome, standing }) => [
      id,
      words.when(startedAt),
      nodes.map(plain).join(' ↔ '),
      `${request.tool} ${words.say('cli.bench.halves', { halves: request.halves })}`,
      figure === null ? '–' : `${words.number(figure.value)} ${figure.unit}`,
      [
        outcome === 'done' ? levelText(level, words, paint) : words.say(`cli.bench.step.${outcome}`),
        ...(standing?.fallen === true ? [paint.yellow(words.say('cli.bench.fallen'))] : []),
      ].join(', '),
    ]),
  ]);
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join('\n') === other.toSorted().join('\n');
}
