import SSHConfig from 'ssh-config';
import { Failure } from '../../core/failure';
import { readConfigText } from './ssh-config-files';

/** What ssh_config says about one host. Paths are absolute, tokens are filled in. */
export interface HostConfig {
  /** The name as given: an alias of the file, or a host name. */
  readonly alias: string;
  /** HostName, or the alias. */
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** IdentityAgent: a socket, `none`, or undefined for the usual one. */
  readonly identityAgent: string | undefined;
  /** HostKeyAlias: the name that known_hosts keeps this host under. */
  readonly hostKeyAlias: string | undefined;
  /** Hops in order, each `[user@]host[:port]`; empty for a direct connection. */
  readonly proxyJump: readonly string[];
  /** A ProxyCommand stands there: it cannot be used, since it would run a program of the laptop. */
  readonly proxyCommand: boolean;
}

/** A host of the file that a person can pick. */
export interface PickableHost {
  readonly alias: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
}

export interface SshConfigOptions {
  /** Files in order of precedence, usually `~/.ssh/config` and `/etc/ssh/ssh_config`; missing ones count as empty. */
  readonly files: readonly string[];
  readonly home: string;
  /** Name of the person on this computer, for `%u`. */
  readonly localUser: string;
}

/** Reads ssh_config(5). `Match exec` is never run: a condition that would need it does not match. */
export class SshConfig {
  constructor(private readonly options: SshConfigOptions) {}

  /** The hosts named without patterns, in the order of the files. */
  async list(): Promise<PickableHost[]> {
    const config = await this.#read();
    const names = config.flatMap((line) =>
      line.type === SSHConfig.DIRECTIVE && line.param.toLowerCase() === 'host' ? words(line.value) : [],
    );
    const plain = [...new Set(names)].filter((name) => !/[*?!]/.test(name));
    return plain.map((alias) => {
      const { host, port, user } = this.#resolve(config, alias);
      return { alias, host, port, user };
    });
  }

  /** What the files say about `alias`, which need not be named in them. */
  async resolve(alias: string, user?: string): Promise<HostConfig> {
    return this.#resolve(await this.#read(), alias, user);
  }

  async #read(): Promise<SSHConfig> {
    const texts = await Promise.all(
      this.options.files.map((path) => readConfigText(path, this.options.home)),
    );
    // Each file starts outside of any section.
    const text = texts.join('\nHost *\n');
    try {
      return SSHConfig.parse(text);
    } catch (error) {
      throw new Failure('BAD_INPUT', { file: this.options.files[0] ?? 'ssh_config' }, { cause: error });
    }
  }

  #resolve(config: SSHConfig, alias: string, asUser?: string): HostConfig {
    const query = asUser === undefined ? { Host: alias } : { Host: alias, User: asUser };
    const found = config.compute(query, { ignoreCase: true, matchExec: false });
    const one = (name: string): string | undefined => {
      const value = found[name];
      return Array.isArray(value) ? value[0] : value;
    };
    const hostName = one('hostname');
    const host = hostName === undefined ? alias : fill(hostName, { h: alias, n: alias });
    const port = /^\d+$/.test(one('port') ?? '') ? Number(one('port')) : undefined;
    const user = one('user');
    const tokens = {
      d: this.options.home,
      h: host,
      n: alias,
      p: String(port ?? 22),
      r: asUser ?? user ?? this.options.localUser,
      u: this.options.localUser,
    };
    const path = (text: string) => fill(text.replace(/^~(?=$|[/\\])/, this.options.home), tokens);
    const identities = found['identityfile'] ?? [];
    const agent = one('identityagent');
    const jump = one('proxyjump');
    return {
      alias,
      host,
      port,
      user,
      identityFiles: (Array.isArray(identities) ? identities : [identities])
        .filter((file) => file.toLowerCase() !== 'none')
        .map(path),
      identitiesOnly: one('identitiesonly')?.toLowerCase() === 'yes',
      identityAgent: agent === undefined || agent === 'SSH_AUTH_SOCK' ? undefined : path(agent),
      hostKeyAlias: one('hostkeyalias'),
      proxyJump:
        jump === undefined || jump.toLowerCase() === 'none' ? [] : jump.split(',').map((hop) => hop.trim()),
      proxyCommand: jump === undefined && (one('proxycommand') ?? 'none').toLowerCase() !== 'none',
    };
  }
}

/** `[user@]host[:port]` or `ssh://[user@]host[:port]`, with IPv6 addresses in brackets. */
export function parseHop(hop: string): { user: string | undefined; host: string; port: number | undefined } {
  const match = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:/]+)|([0-9a-f:]+))(?::(\d+))?\/?$/i.exec(hop);
  const host = match?.[2] ?? match?.[3] ?? match?.[4];
  if (match === null || host === undefined)
    throw new Failure('BAD_INPUT', { field: 'ProxyJump', value: hop });
  return { user: match[1], host, port: match[5] === undefined ? undefined : Number(match[5]) };
}

function words(value: string | { val: string }[]): string[] {
  return typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : value.map(({ val }) => val);
}

/** Percent tokens (ssh_config(5), TOKENS); an unknown one stays as it is. */
function fill(text: string, tokens: Readonly<Record<string, string>>): string {
  return text.replace(/%(.)/g, (whole, letter: string) => (letter === '%' ? '%' : (tokens[letter] ?? whole)));
}
