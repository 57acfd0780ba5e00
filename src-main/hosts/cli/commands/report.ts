import os from 'node:os';
import { reportMasks, type ReportFormat, type ReportMask } from '../../../contract/report';
import { benchLinks } from '../../../core/benchmark/links';
import { pairDigest } from '../../../core/benchmark/run/conditions';
import { withStandings } from '../../../core/benchmark/history/standing';
import type { Pair } from '../../../core/engine/playbook';
import { summarize } from '../../../core/engine/run-state';
import { Failure, toFailure } from '../../../core/failure';
import type { BenchEntry } from '../../../core/ports';
import { forReport } from '../../../core/report/bench-part';
import type { ReportInput, ReportSource } from '../../../core/report/input';
import { report } from '../../../core/report/report';
import type { Cli, Outcome } from '../cli';
import { failureExit } from '../exit-codes';
import { failureData, failureText } from '../failure-view';
import type { Home } from '../home';
import { refuseExisting, writeNewFile } from '../new-file';
import { requireNodes, type ChosenNodes } from '../node-choice';
import { withPair } from '../with-pair';

export interface ReportOptions {
  readonly format: ReportFormat;
  readonly mask: string;
  readonly output?: string;
  /** Of Twinspark. */
  readonly version: string;
}

/**
 * `twinspark report`: the pair, its playbooks and its results as one document. Where the nodes cannot be reached, what this
 * computer knows of them is told all the same, and the exit code says why it is not more.
 */
export async function makeReport(cli: Cli, options: ReportOptions): Promise<Outcome> {
  const mask = parseMask(options.mask);
  const file = options.output === undefined || options.output === '-' ? null : cli.path(options.output);
  if (file !== null) await refuseExisting(file);
  const home = await cli.home();
  const chosen = await requireNodes(cli.options, cli, home);
  const { sources, failure } = await read(cli, home, chosen);
  const input = await gather(cli, home, options.version, sources);
  const text = report({ format: options.format, mask }, input, cli.words);
  if (file === null) cli.output.raw(text);
  else {
    await writeNewFile(file, text);
    cli.output.say(cli.words.say('cli.report.written', { file }));
  }
  const told = file === null ? { text } : { file };
  if (failure === null) return { exitCode: 0, result: { format: options.format, mask, ...told } };
  cli.output.note(failureText(failure.info, cli.words, cli.output.paintErr));
  cli.output.note(cli.words.say('cli.report.unread'));
  return {
    exitCode: failureExit[failure.code],
    result: { format: options.format, mask, ...told, failure: failureData(failure.info, cli.words) },
  };
}

/** `all`, `none`, or some of them with commas between. @throws Failure USAGE */
export function parseMask(text: string): ReportMask[] {
  if (text === 'all') return [...reportMasks];
  if (text === 'none') return [];
  const wanted = text.split(',').map((word) => word.trim());
  const known = reportMasks.filter((mask) => wanted.includes(mask));
  const strange = wanted.find((word) => !known.some((mask) => mask === word));
  if (strange !== undefined)
    throw new Failure('USAGE', { problem: 'bad-mask', value: strange, known: reportMasks.join(', ') });
  return known;
}

async function read(
  cli: Cli,
  home: Home,
  chosen: ChosenNodes,
): Promise<{ sources: Pair<ReportSource>; failure: Failure | null }> {
  const [one, two] = chosen.nodes;
  const source = ({ name, host, port, user, hostKey }: ChosenNodes['nodes'][0]) =>
    ({ name, host, port, user, hostKey: hostKey ?? null, facts: null }) satisfies ReportSource;
  const bare = [source(one), source(two)] as const;
  try {
    return await withPair(cli, home, chosen, '', async (pair, checklist) => {
      const facts = await pair.facts({ signal: cli.signal });
      checklist.stop();
      const { hostKeys } = pair;
      return {
        sources: [
          { ...bare[0], hostKey: hostKeys[0], facts: facts[0] },
          { ...bare[1], hostKey: hostKeys[1], facts: facts[1] },
        ],
        failure: null,
      };
    });
  } catch (error) {
    const failure = toFailure(error);
    // A person who stops it wants no report, and a fault of ours is no state of the pair.
    if (failure.code === 'CANCELLED' || failure.code === 'INTERNAL') throw error;
    return { sources: bare, failure };
  }
}

async function gather(
  cli: Cli,
  home: Home,
  version: string,
  nodes: Pair<ReportSource>,
): Promise<ReportInput> {
  const [one, two] = nodes;
  const now = Date.now();
  const named = nodes.map(({ name }) => name);
  const keys = one.hostKey !== null && two.hostKey !== null ? ([one.hostKey, two.hostKey] as const) : null;
  const pair = keys === null ? null : pairDigest(keys);
  // Machines that have not been reached are known by name alone.
  const ours = ({ pair: id, nodes: names }: BenchEntry) =>
    pair === null ? sameNames(names, named) : id === pair;
  const { entries } = await home.benchmarks.list();
  const history = withStandings(entries.filter(ours));
  const states = (await home.engine.runs.states()).filter(({ nodes: own }) =>
    keys === null
      ? sameNames(
          own.map(({ name }) => name),
          named,
        )
      : sameNames(
          own.map(({ hostKey }) => hostKey),
          keys,
        ),
  );
  const records = await Promise.all(
    // What another Twinspark has removed meanwhile is no result any more.
    forReport(history).map((id) => home.benchmarks.read(id).catch(() => null)),
  );
  return {
    version,
    time: now,
    readAt: one.facts === null ? null : now,
    practice: false,
    nodes,
    links: one.facts !== null && two.facts !== null ? benchLinks([one.facts, two.facts]) : [],
    runs: states.map(summarize),
    records: records.filter((record) => record !== null),
    history,
    suite: null,
    laptop: { users: [cli.io.localUser], hostnames: [os.hostname()] },
  };
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join('\n') === other.toSorted().join('\n');
}
