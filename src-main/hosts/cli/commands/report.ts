import os from 'node:os';
import { reportMasks, type ReportFormat, type ReportMask } from '../../../contract/report';
import type { Pair } from '../../../core/engine/playbook';
import { Failure, toFailure } from '../../../core/failure';
import { gatherReport } from '../../../core/report/gather';
import type { ReportSource } from '../../../core/report/input';
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
  const now = Date.now();
  const known = {
    version: options.version,
    time: now,
    readAt: failure === null ? now : null,
    practice: false,
    nodes: sources,
    laptop: { users: [cli.io.localUser], hostnames: [os.hostname()] },
  };
  const input = await gatherReport(known, { runs: home.engine.runs, benchmarks: home.benchmarks });
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
