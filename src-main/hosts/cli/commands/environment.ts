import { environmentPrograms, type EnvironmentProgram } from '../../../contract/report';
import { pairSettings } from '../../../core/benchmark/pair-settings';
import type { Cli, Outcome } from '../cli';
import { requireNodes } from '../node-choice';
import { withPair } from '../with-pair';

/** `twinspark environment [PROGRAM]`: settings of this pair for other programs, to paste; all of them when none is named. */
export async function environment(cli: Cli, program?: EnvironmentProgram): Promise<Outcome> {
  const home = await cli.home();
  const chosen = await requireNodes(cli.options, cli, home);
  const programs = program === undefined ? environmentPrograms : [program];
  return withPair(cli, home, chosen, '', async (pair, checklist) => {
    const facts = await pair.facts({ signal: cli.signal });
    const [one, two] = chosen.nodes;
    const { sessions } = pair;
    const texts = await pairSettings(programs, {
      sessions,
      facts,
      names: [one.name, two.name],
      signal: cli.signal,
    });
    checklist.stop();
    cli.output.raw(texts.join('\n'));
    const settings = programs.map((name, index) => [name, texts[index] ?? '']);
    return { exitCode: 0, result: { environment: Object.fromEntries(settings) as Record<string, string> } };
  });
}
