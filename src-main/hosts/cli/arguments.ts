import { Failure } from '../../core/failure';

/** What every command may be given. */
export interface CommonOptions {
  readonly cluster?: string;
  readonly node?: readonly string[];
  readonly set?: readonly string[];
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly dataDir?: string;
}

/**
 * `--set key=value`, repeated. @throws Failure USAGE for anything without `=`, and for a key given twice
 */
export function parseSettings(settings: readonly string[] = []): Record<string, string> {
  const inputs: Record<string, string> = {};
  for (const setting of settings) {
    const at = setting.indexOf('=');
    if (at < 1) throw new Failure('USAGE', { problem: 'bad-set', value: setting });
    const key = setting.slice(0, at).trim();
    if (Object.hasOwn(inputs, key)) throw new Failure('USAGE', { problem: 'set-twice', value: key });
    inputs[key] = setting.slice(at + 1).trim();
  }
  return inputs;
}

export interface NodeWords {
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
}

/** `--node [user@]host[:port]`, IPv6 addresses in brackets. @throws Failure USAGE */
export function parseNode(text: string): NodeWords {
  const match =
    /^(?:([^@\s:]+)@)?(?:\[([0-9a-fA-F:.%A-Za-z]+)\]|([A-Za-z0-9_][A-Za-z0-9._-]*))(?::(\d{1,5}))?$/.exec(
      text,
    );
  const host = match?.[2] ?? match?.[3];
  const port = match?.[4] === undefined ? undefined : Number(match[4]);
  if (
    !match ||
    host === undefined ||
    match[1]?.startsWith('-') === true ||
    port === 0 ||
    (port ?? 1) > 65_535
  ) {
    throw new Failure('USAGE', { problem: 'bad-node', value: text });
  }
  return { user: match[1], host, port };
}

/** `--plan HASH`: the whole hash or at least its first 12 digits. @throws Failure USAGE */
export function parsePlanHash(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const hash = text.toLowerCase();
  if (!/^[0-9a-f]{12,64}$/.test(hash)) throw new Failure('USAGE', { problem: 'bad-hash', value: text });
  return hash;
}
