import type { EngineEvent, EngineEventBody } from '../../contract/events';
import { toFailure } from '../failure';
import type { NodeAddress, Session } from '../ports';
import { OpenPair } from './open-pair';
import type { EngineParts } from './parts';
import type { Pair } from './playbook';
import { Runs } from './runs';

/** The way into the product: opens pairs of nodes and knows the runs. */
export class Engine {
  readonly runs: Runs;

  constructor(
    private readonly parts: EngineParts,
    private readonly listener: (event: EngineEvent) => void,
  ) {
    this.runs = new Runs(parts.runs);
  }

  /** Connects both nodes at once. @throws Failure of the first node that cannot be reached, naming it */
  async open(nodes: Pair<NodeAddress>, signal?: AbortSignal): Promise<OpenPair> {
    const [first, second] = await Promise.allSettled([
      this.#connect(nodes[0], signal),
      this.#connect(nodes[1], signal),
    ] as const);
    if (first.status === 'fulfilled' && second.status === 'fulfilled') {
      return new OpenPair(this.parts, this.runs, this.#emit, [first.value, second.value], nodes);
    }
    if (first.status === 'fulfilled') await first.value.close();
    if (second.status === 'fulfilled') await second.value.close();
    throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
  }

  readonly #emit = (event: EngineEventBody): void => {
    this.listener({ time: this.parts.clock.now(), ...event });
  };

  async #connect(node: NodeAddress, signal?: AbortSignal): Promise<Session> {
    this.#emit({ type: 'node', node: node.name, state: 'connecting' });
    try {
      const session = await this.parts.connector.connect(node, signal ? { signal } : {});
      this.#emit({ type: 'node', node: node.name, state: 'connected' });
      return session;
    } catch (error) {
      this.#emit({ type: 'node', node: node.name, state: 'failed', failure: toFailure(error).info });
      throw error;
    }
  }
}
