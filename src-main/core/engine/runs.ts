import { Failure } from '../failure';
import type { RunStore } from '../ports';
import { readJournal } from './journal';
import type { Pair } from './playbook';
import { isUnfinished, liveChanges, replay, type RunState } from './run-state';

/** The runs that this computer has driven, as their journals tell them. */
export class Runs {
  constructor(private readonly store: RunStore) {}

  /** @throws Failure UNKNOWN_RUN, JOURNAL_DAMAGED */
  async state(run: string): Promise<RunState> {
    return replay(run, await readJournal(this.store, run));
  }

  /** All runs, newest first. A damaged journal is left out here and told by {@link state}. */
  async states(): Promise<RunState[]> {
    const runs = (await this.store.list()).toReversed();
    const states = await Promise.all(
      runs.map((run) =>
        this.state(run).catch((error: unknown) => {
          if (error instanceof Failure && error.code === 'JOURNAL_DAMAGED') return undefined;
          throw error;
        }),
      ),
    );
    return states.filter((state) => state !== undefined);
  }

  /**
   * The newest run that has something to take back: changes in place, or an end that never came. Of these nodes when
   * their host keys are given.
   */
  async newestLive(hostKeys?: Pair<string>): Promise<RunState | undefined> {
    const states = await this.states();
    return states.find(
      (state) =>
        (!hostKeys || samePair(state, hostKeys)) &&
        (state.status === 'interrupted' || liveChanges(state).length > 0),
    );
  }

  /** The newest run of this playbook on these nodes that did not come to rest. */
  async unfinished(playbook: string, hostKeys: Pair<string>): Promise<RunState | undefined> {
    const states = await this.states();
    return states.find(
      (state) => state.playbook === playbook && samePair(state, hostKeys) && isUnfinished(state),
    );
  }
}

function samePair(state: RunState, hostKeys: Pair<string>): boolean {
  const own = state.nodes.map((node) => node.hostKey).sort();
  return own.join() === [...hostKeys].sort().join();
}
