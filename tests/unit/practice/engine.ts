import type { EngineEvent } from '../../../src-main/contract/events';
import { compose } from '../../../src-main/hosts/compose';
import { practiceCluster, startPair } from '../../../src-main/practice/practice';
import { folder, refuseKeys } from '../adapters/ssh2/fixtures/laptop';
import { closeLater } from './pair';

/** The whole app without a window on a practice pair: what compose.ts wires, with a data folder of its own. */
export async function engineOnPractice() {
  const cluster = practiceCluster();
  const pair = await startPair(cluster);
  closeLater(pair);
  const home = await folder();
  const events: EngineEvent[] = [];
  const { engine } = compose(
    {
      dataDir: `${home}/data`,
      secrets: {
        get: ({ kind }) => Promise.resolve(kind === 'new-user-password' ? 'fresh' : pair.loginPassword),
      },
      hostKeys: refuseKeys,
      listener: (event) => events.push(event),
      laptop: { home, localUser: 'me', env: {} },
    },
    '0.0.0',
  );
  const open = async () => {
    const opened = await engine.open([...pair.nodes]);
    closeLater(opened);
    return opened;
  };
  return { cluster, pair, engine, open, events };
}
