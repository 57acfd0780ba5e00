import { Failure, throwIfCancelled } from '../../core/failure';
import type { Clock, Connector, HostKeyDecider, NodeAddress, SecretStore, Session } from '../../core/ports';
import { dial } from './dial';
import type { KnownHosts } from './known-hosts';
import { defaultLimits, type Limits } from './limits';
import { Link } from './link';
import { agentPaths, defaultIdentities } from './login-keys';
import { type Hop, planRoute } from './route';
import { type SecretSource, SessionSecrets } from './secrets';
import { onNode, Ssh2Session } from './session';
import type { SshConfig } from './ssh-config';

/** What the adapter has to know about the laptop. */
export interface Laptop {
  readonly home: string;
  readonly localUser: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

export interface Ssh2ConnectorOptions {
  readonly clock: Clock;
  readonly secrets: SecretStore;
  readonly hostKeys: HostKeyDecider;
  readonly knownHosts: KnownHosts;
  readonly laptop: Laptop;
  /** Completes addresses; without it only what the address says counts. */
  readonly config?: SshConfig;
  readonly limits?: Partial<Limits>;
}

/** Logs in to nodes over ssh2. */
export class Ssh2Connector implements Connector {
  readonly #limits: Limits;

  constructor(private readonly options: Ssh2ConnectorOptions) {
    this.#limits = { ...defaultLimits, ...options.limits };
  }

  async connect(node: NodeAddress, { signal }: { signal?: AbortSignal } = {}): Promise<Session> {
    throwIfCancelled(signal);
    try {
      return await this.#connect(node, signal ?? new AbortController().signal);
    } catch (error) {
      throw error instanceof Failure ? onNode(error, node.name) : error;
    }
  }

  async #connect(node: NodeAddress, signal: AbortSignal): Promise<Session> {
    const { clock, laptop, config } = this.options;
    const route = await planRoute(node, {
      config,
      agents: agentPaths(laptop.env, laptop.platform),
      defaultIdentities: defaultIdentities(laptop.home),
      localUser: laptop.localUser,
    });
    const user = route.at(-1)?.user ?? node.user;
    const secrets = new SessionSecrets(this.options.secrets);
    const open = (source: SecretSource, until: AbortSignal) =>
      this.#dial(route, source, source === secrets.asking ? this.options.hostKeys : nobody, until);
    const link = (line: Awaited<ReturnType<typeof open>>) =>
      new Link(line, { node: node.name, user, secrets: secrets.asking, clock, limits: this.#limits });
    return new Ssh2Session({
      node: node.name,
      user,
      clock,
      limits: this.#limits,
      link: link(await open(secrets.asking, signal)),
      connectAgain: async (until) => link(await open(secrets.silent, until)),
      prove: async (until) => (await open(secrets.silent, until)).hangUp(),
    });
  }

  #dial(route: readonly Hop[], secrets: SecretSource, decider: HostKeyDecider, signal: AbortSignal) {
    const { clock, knownHosts } = this.options;
    return dial(route, secrets, { clock, limits: this.#limits, knownHosts, decider }, signal);
  }
}

/** Only the first connection of a session may ask; later ones come when nobody need be there. */
const nobody: HostKeyDecider = { accept: () => Promise.resolve(false) };
