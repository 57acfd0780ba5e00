import type { Buffer } from 'node:buffer';
import ssh2, {
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import { type IdentityFile, unlock } from './identity-file';

/**
 * One key as ssh2 wants it: an agent with a single identity.
 * Every key goes this way, from files too: ssh2 asks an agent to sign only after the server has accepted the
 * public key, which is when OpenSSH asks for a passphrase, and an agent may take its time.
 */
export class OfferedKey extends ssh2.BaseAgent {
  /** True once a signature was made: what follows then is a refusal of the signature or a partial success. */
  signed = false;

  constructor(
    /** Where the key is from, for the list of what was tried: a path or `agent`. */
    readonly source: string,
    private readonly publicKey: Buffer | ParsedKey,
    private readonly signer: (data: Buffer, options: SigningRequestOptions) => Promise<Buffer>,
  ) {
    super();
  }

  override getIdentities(callback: IdentityCallback): void {
    callback(undefined, [this.publicKey]);
  }

  override sign(
    _key: unknown,
    data: Buffer,
    optionsOrCallback: SigningRequestOptions | SignCallback,
    maybeCallback?: SignCallback,
  ): void {
    const options = typeof optionsOrCallback === 'function' ? {} : optionsOrCallback;
    const callback = typeof optionsOrCallback === 'function' ? optionsOrCallback : maybeCallback;
    this.signer(data, options).then(
      (signature) => {
        this.signed = true;
        callback?.(undefined, signature);
      },
      (error: unknown) => callback?.(error instanceof Error ? error : new Error('cannot sign')),
    );
  }
}

/** A key of a file; `open` is called when it has to sign. */
export function keyFromFile(
  file: IdentityFile,
  publicKey: Buffer,
  open: (file: IdentityFile) => Promise<ParsedKey | undefined>,
): OfferedKey {
  return new OfferedKey(file.path, publicKey, async (data, options) => {
    const key = file.encrypted ? await open(file) : unlock(file.text);
    if (key === undefined) throw new Error('the key stays locked');
    return sign(key, data, options.hash);
  });
}

/** ssh2 returns some errors instead of throwing them. */
function sign(key: ParsedKey, data: Buffer, hash: string | undefined): Buffer {
  const signature = key.sign(data, hash) as Buffer | Error;
  if (signature instanceof Error) throw signature;
  return signature;
}

/** The keys of the first agent that holds some, each as one offer. An agent that does not answer holds none. */
export async function keysFromAgents(paths: readonly string[]): Promise<{ blob: Buffer; key: OfferedKey }[]> {
  for (const path of paths) {
    const keys = await keysFromAgent(path);
    if (keys.length > 0) return keys;
  }
  return [];
}

async function keysFromAgent(path: string): Promise<{ blob: Buffer; key: OfferedKey }[]> {
  const agent = ssh2.createAgent(path);
  const identities = await new Promise<ParsedKey[]>((resolve) => {
    try {
      agent.getIdentities((error, keys) => {
        resolve(error === undefined || error === null ? ((keys ?? []) as ParsedKey[]) : []);
      });
    } catch {
      resolve([]);
    }
  });
  return identities.map((identity) => {
    const signer = (data: Buffer, options: SigningRequestOptions) =>
      new Promise<Buffer>((resolve, reject) => {
        agent.sign(identity, data, options, (error, signature) => {
          if (signature === undefined) reject(error ?? new Error('the agent gave no signature'));
          else resolve(signature);
        });
      });
    return { blob: identity.getPublicSSH(), key: new OfferedKey('agent', identity, signer) };
  });
}
