import type { Cli, Outcome } from '../cli';
import { plain } from '../../../words/plain';
import { table } from '../table';

/** `twinspark discover`: who announces SSH on this network, and which hosts ~/.ssh/config names. */
export async function discover(cli: Cli, options: { seconds: number }): Promise<Outcome> {
  const { output, words } = cli;
  const home = await cli.home();
  output.note(output.paintErr.dim(words.say('event.browsing', { seconds: options.seconds })));
  const [announced, configured] = await Promise.all([
    home.discovery.browse({ timeoutMs: options.seconds * 1000, signal: cli.signal }),
    home.sshConfig.list(),
  ]);
  const sorted = [...announced].sort((a, b) => (a.name < b.name ? -1 : 1));
  output.say(output.paint.bold(words.say('cli.discover.announced')));
  if (sorted.length === 0) output.say(`  ${words.say('cli.discover.none')}`);
  const rows = sorted.map(({ name, host, port, addresses }) => [
    `  ${plain(name)}`,
    plain(`${host}:${port}`),
    plain(addresses.join(', ')),
  ]);
  for (const line of table(rows)) output.say(line);
  output.say();
  output.say(output.paint.bold(words.say('cli.discover.configured')));
  if (configured.length === 0) output.say(`  ${words.say('cli.discover.no-config')}`);
  const known = configured.map(({ alias, host, port, user }) => [
    `  ${plain(alias)}`,
    plain(`${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}`),
  ]);
  for (const line of table(known)) output.say(line);
  return { exitCode: 0, result: { announced: sorted, configured } };
}
