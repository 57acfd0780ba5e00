import type { Cli, Outcome } from '../cli';
import { factsTable } from '../facts-view';
import { requireNodes } from '../node-choice';
import { withPair } from '../with-pair';

/** `twinspark probe`: reads both nodes, changes nothing. */
export async function probe(cli: Cli): Promise<Outcome> {
  const home = await cli.home();
  const chosen = await requireNodes(cli.options, cli, home);
  return withPair(cli, home, chosen, '', async (pair, checklist) => {
    const facts = await pair.facts({ peers: true, signal: cli.signal });
    checklist.stop();
    const names = chosen.nodes.map(({ name }) => name);
    for (const line of factsTable([names[0] ?? '', names[1] ?? ''], facts, cli.words, cli.output.paint)) {
      cli.output.say(line);
    }
    const nodes = chosen.nodes.map(({ name, host, port, user }, index) => ({
      name,
      host,
      port,
      user,
      hostKey: pair.hostKeys[index],
      facts: facts[index],
    }));
    return { exitCode: 0, result: { nodes } };
  });
}
