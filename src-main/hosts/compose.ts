import path from 'node:path';
import process from 'node:process';
import type { EngineParts } from '../core/engine/parts';
import type { MachineSources } from '../app/machines';
import type { HomeOptions } from './cli/home';
import { playbooks } from './playbooks';
import { entryOf } from '../core/benchmark/history/entry';
import { newBenchId } from '../core/benchmark/history/id';
import { readFacts } from '../core/benchmark/read-facts';
import { Bench } from '../core/benchmark/run/bench';
import { digest } from '../core/canonical';
import { kinds } from '../core/change/registry';
import { Engine } from '../core/engine/engine';
import type { OpenPair } from '../core/engine/open-pair';
import { KnownSecrets } from '../core/engine/secrets';
import { factsHash } from '../core/probe/facts-hash';
import { probeNode } from '../core/probe/probe-node';
import { OsNetwork } from '../adapters/laptop/os-network';
import { SystemClock } from '../adapters/laptop/system-clock';
import { Ssh2Connector } from '../adapters/ssh2/connect';
import { KnownHosts, openSshKnownHosts } from '../adapters/ssh2/known-hosts';
import { SshConfig } from '../adapters/ssh2/ssh-config';
import { FileBenchStore } from '../adapters/storage/file-bench-store';
import { FileRunStore } from '../adapters/storage/file-run-store';

/** The one place where an engine and its parts are wired together, for every host. */
export function compose(options: HomeOptions, version: string) {
  const { dataDir, laptop } = options;
  const clock = new SystemClock();
  const secrets = new KnownSecrets(options.secrets);
  const sshConfig = new SshConfig({
    files: [path.join(laptop.home, '.ssh', 'config'), '/etc/ssh/ssh_config'],
    home: laptop.home,
    localUser: laptop.localUser,
  });
  const parts: EngineParts = {
    connector: new Ssh2Connector({
      clock,
      secrets,
      hostKeys: options.hostKeys,
      knownHosts: new KnownHosts({
        files: openSshKnownHosts(laptop.home, process.platform, laptop.env['ProgramData']),
        ownFile: path.join(dataDir, 'known_hosts'),
      }),
      laptop: { ...laptop, platform: process.platform },
      config: sshConfig,
    }),
    runs: new FileRunStore(dataDir),
    secrets,
    clock,
    laptop: new OsNetwork(),
    playbooks,
    kinds,
    probe: async ([first, second], how) =>
      Promise.all([probeNode(first, how), probeNode(second, how)] as const),
    factsHash: (facts) => digest(facts.map(factsHash)),
    version,
  };
  return {
    engine: new Engine(parts, options.listener),
    playbooks,
    sshConfig,
    benchmarks: new FileBenchStore(dataDir, entryOf),
    bench: (pair: Pick<OpenPair, 'sessions' | 'facts'>) =>
      new Bench({
        sessions: pair.sessions,
        clock,
        facts: (signal) => readFacts(pair, signal),
        newId: () => newBenchId(clock.now()),
      }),
    discovery: {
      // Only one command needs it.
      browse: async (how: Parameters<MachineSources['discovery']['browse']>[0]) =>
        (await import('../adapters/discovery/mdns')).browseSsh(how),
    },
  };
}
