import process from 'node:process';
import { version } from '../../../package.json';

/** Asked for most often by scripts, and needs nothing of the rest. */
if (/^(--version|-V)$/.test(process.argv[2] ?? '')) {
  process.stdout.write(`${version}\n`);
} else {
  const { start } = await import('./start');
  await start(version);
}
