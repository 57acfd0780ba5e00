import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { App } from '../tests/lab/app';
import { Lab } from '../tests/lab/lab';
import { median, report } from './report';

/** Wall time of `apply connect-two-sparks` against a shell script that does no more than the work itself. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);

const lab = await Lab.up({ login: 'key', sudo: 'nopasswd' });
try {
  const script = path.join(import.meta.dirname, 'ideal.sh');
  const [one, two] = [lab.node(1), lab.node(2)];
  const identity = path.join(path.dirname(lab.clusterFile), 'identity');
  const ideal: number[] = [];
  const ours: number[] = [];
  const back: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    execFileSync('bash', [
      script,
      one.user,
      identity,
      lab.knownHostsFile,
      one.host,
      two.host,
      one.name,
      two.name,
    ]);
    ideal.push(performance.now() - started);
    await lab.reset();

    const app = new App(lab);
    const applied = await app.apply();
    if (applied.code !== 0) throw new Error(applied.stderr);
    ours.push(applied.ms);
    const rolledBack = await app.rollback();
    if (rolledBack.code !== 0) throw new Error(rolledBack.stderr);
    back.push(rolledBack.ms);
    app.clean();
  }
  report('apply', [
    ['ideal shell script over OpenSSH, s', median(ideal) / 1000],
    ['apply: checks, plan, journal, guard, verification, s', median(ours) / 1000],
    ['rollback, s', median(back) / 1000],
    ['apply / ideal (aim ≤ 1.5)', median(ours) / median(ideal)],
  ]);
} finally {
  await lab.down();
}
