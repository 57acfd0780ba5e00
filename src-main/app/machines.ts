import { randomUUID } from 'node:crypto';
import type { NodeChoice } from '../contract/methods';
import type { NodeIdentity } from '../contract/plan';
import type { Candidate } from '../contract/state-nodes';
import type { Pair } from '../core/engine/playbook';
import type { RunState } from '../core/engine/run-state';
import { Failure, toFailure } from '../core/failure';
import type { Clock, NodeAddress } from '../core/ports';
import type { State } from './state';

/** A machine that ~/.ssh/config names. */
export interface ConfiguredHost {
  readonly alias: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
}

/** A machine that announces SSH on the network; every text is untrusted. */
export interface AnnouncedHost {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

export interface MachineSources {
  readonly sshConfig: {
    list(): Promise<readonly ConfiguredHost[]>;
    resolve(alias: string): Promise<Omit<ConfiguredHost, 'alias'>>;
  };
  readonly discovery: {
    browse(options: {
      timeoutMs: number;
      signal?: AbortSignal;
      onFound?: (host: AnnouncedHost) => void;
    }): Promise<readonly AnnouncedHost[]>;
  };
}

export const browseMs = 6_000;
/** Machines of earlier runs that are listed. */
const mostRecent = 8;

/** What a host may be: a name, an IPv4 or IPv6 address with its zone. Never an option, a path or a shell word. */
const hostPattern = /^[A-Za-z0-9_:][A-Za-z0-9._:-]*(%[A-Za-z0-9._-]+)?$/;
const userPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]*\$?$/;

/** The machines that can be chosen as nodes: of earlier runs, found on the network, or named by ~/.ssh/config. */
export class Machines {
  #search: AbortController | undefined;
  /** Paths stay in main. */
  readonly #identityFiles = new Map<string, string>();

  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly sources: MachineSources,
    private readonly localUser: string,
  ) {}

  /** Looks for a while; whoever answers is listed at once. */
  async search(): Promise<void> {
    this.stop();
    const search = new AbortController();
    this.#search = search;
    const known = this.state.get('discovery').candidates;
    this.state.set('discovery', {
      state: 'running',
      limitMs: browseMs,
      startedAt: this.clock.now(),
      failure: null,
      candidates: known,
    });
    const { sshConfig, discovery } = this.sources;
    try {
      const configured = await sshConfig.list();
      this.#list(configured.map(({ alias, host, port, user }) => fromConfig(alias, host, port, user)));
      await discovery.browse({
        timeoutMs: browseMs,
        signal: search.signal,
        onFound: (host) => this.#list([fromNetwork(host)]),
      });
      this.#end(search, null);
    } catch (error) {
      const failure = toFailure(error);
      this.#end(search, failure.code === 'CANCELLED' ? null : failure.info);
    }
  }

  /** Lists the machines of earlier runs, newest first: nobody has to type them again. */
  remember(runs: readonly RunState[]): void {
    const places = new Map<string, NodeIdentity>();
    for (const node of runs.flatMap((run) => run.nodes)) {
      const place = JSON.stringify([node.host, node.port]);
      if (!places.has(place) && places.size < mostRecent) places.set(place, node);
    }
    this.#list([...places.values()].map((node) => this.#fromRun(node)));
  }

  stop(): void {
    this.#search?.abort();
  }

  /** @throws Failure NOT_FOUND, BAD_INPUT */
  async resolve([first, second]: readonly [NodeChoice, NodeChoice]): Promise<Pair<NodeAddress>> {
    const nodes = [await this.#address(first), await this.#address(second)] as const;
    const [one, two] = nodes;
    if (one.host === two.host && one.port === two.port) {
      throw new Failure('BAD_INPUT', { input: 'same-node', allowed: '' });
    }
    return one.name === two.name ? [one, { ...two, name: `${two.name}-2` }] : nodes;
  }

  async #address(choice: NodeChoice): Promise<NodeAddress> {
    if (choice.from === 'hand') {
      const { host, port, user } = choice;
      return checked({ name: nameOf(host), host, port, user });
    }
    const { candidates } = this.state.get('discovery');
    const candidate = candidates.find(({ id }) => id === choice.candidate);
    if (!candidate) throw new Failure('NOT_FOUND', { what: 'node', id: choice.candidate });
    const { name, host, port } = candidate;
    // The alias stays the host: the connector looks the rest up under it.
    const known = await this.sources.sshConfig.resolve(host);
    const user = choice.user ?? candidate.user ?? known.user ?? this.localUser;
    const identityFile = this.#identityFiles.get(candidate.id);
    const address = { name: nameOf(name), host, port: known.port ?? port, user };
    return checked(identityFile === undefined ? address : { ...address, identityFile });
  }

  #fromRun({ name, host, port, user, identityFile }: NodeIdentity): Candidate {
    const id = randomUUID();
    if (identityFile !== undefined) this.#identityFiles.set(id, identityFile);
    return { id, source: 'recent', name, host, port, user, addresses: [host] };
  }

  #list(found: readonly Candidate[]): void {
    this.state.update('discovery', (before) => {
      const candidates = [...before.candidates];
      const known = ({ host, port }: Candidate) =>
        candidates.some((other) => other.host === host && other.port === port);
      for (const candidate of found) if (!known(candidate)) candidates.push(candidate);
      return { ...before, candidates };
    });
  }

  #end(search: AbortController, failure: ReturnType<typeof toFailure>['info'] | null): void {
    if (this.#search !== search) return;
    this.#search = undefined;
    this.state.update('discovery', (before) => ({ ...before, state: 'done', failure }));
  }
}

function fromConfig(alias: string, host: string, port = 22, user?: string): Candidate {
  return {
    id: randomUUID(),
    source: 'ssh-config',
    name: alias,
    host: alias,
    port,
    user: user ?? null,
    addresses: [host],
  };
}

function fromNetwork({ name, host, port, addresses }: AnnouncedHost): Candidate {
  // A `.local` name needs mDNS in this computer's resolver; the address works without.
  const address = addresses.find((one) => /^\d+(\.\d+){3}$/.test(one));
  return {
    id: randomUUID(),
    source: 'network',
    name,
    host: address ?? host,
    port,
    user: null,
    addresses: [...addresses],
  };
}

/** The name of a node in its pair: for people, for files on the nodes, and for the prompt. */
function nameOf(text: string): string {
  const name = text
    .replace(/\.local$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 63);
  return name === '' ? 'node' : name;
}

function checked(node: NodeAddress): NodeAddress {
  if (!hostPattern.test(node.host)) throw new Failure('BAD_INPUT', { input: 'host', allowed: '' });
  if (!userPattern.test(node.user)) throw new Failure('BAD_INPUT', { input: 'user', allowed: '' });
  return node;
}
