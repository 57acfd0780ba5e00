import { z } from 'zod';
import { sameValue as same } from '../canonical';
import type { Command } from '../ports';
import { lines, raw, sh, type Script } from '../shell/quote';
import type { ChangeKind, Scope } from './kind';
import { fingerprint, keyPartSchema, parseKeyPart, type KeyPart } from './key-part';
import {
  hasNewLeftovers,
  listLeftovers,
  prelude,
  removeFile,
  takeLeftovers,
  tempPath,
  workBeside,
} from './scripts';
import { accountSchema, malformed, pathSchema, refused, split } from './values';

const specSchema = z.object({
  /** The private key; the public one is beside it with `.pub`. */
  path: pathSchema,
  user: accountSchema,
  group: accountSchema,
  comment: z.string().regex(/^[\x21-\x7e][\x20-\x7e]{0,127}$/),
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('generate') }),
    z.object({
      kind: z.literal('copy'),
      node: z.string().min(1),
      path: pathSchema,
      /** `type base64` of the key there, where it is known: then a copy that is in place can be recognised. */
      publicKey: z.string().optional(),
    }),
  ]),
});
export type KeypairSpec = z.infer<typeof specSchema>;

const stateSchema = z.object({
  private: keyPartSchema,
  public: keyPartSchema,
  leftovers: z.array(z.string()),
});
export type KeypairState = z.infer<typeof stateSchema>;

/** The key that both files hold; null when a file is missing, locked by a passphrase, or they do not match. */
function pairKey(state: KeypairState): string | null {
  const { private: secret, public: open } = state;
  if (secret.type !== 'file' || open.type !== 'file') return null;
  return secret.key !== null && secret.key === open.key ? secret.key : null;
}

function expectedKey(spec: KeypairSpec, key: string): boolean {
  if (spec.source.kind === 'generate') return key.startsWith('ssh-ed25519 ');
  return spec.source.publicKey === undefined || key === spec.source.publicKey;
}

/** A part as the change leaves it, as far as that is known beforehand. */
function madeHere(spec: KeypairSpec, part: KeyPart, mode: string): boolean {
  return (
    part.type === 'file' &&
    part.mode === mode &&
    (part.owner === spec.user || String(part.uid) === spec.user) &&
    part.key !== null &&
    expectedKey(spec, part.key)
  );
}

/**
 * Without a read-back, ours are files of the owner, mode and comment that the change gives them. A copied private key
 * has the comment of its original: the public file beside it, or the known key, speaks for it.
 */
function recognised(spec: KeypairSpec, state: KeypairState): boolean {
  const { private: secret, public: open } = state;
  const known = spec.source.kind === 'copy' && spec.source.publicKey !== undefined;
  if (open.type === 'file' && !(madeHere(spec, open, '0644') && open.comment === spec.comment)) return false;
  if (secret.type !== 'file') return true;
  if (!madeHere(spec, secret, '0600')) return false;
  return (
    known || open.type === 'file' || (spec.source.kind === 'generate' && secret.comment === spec.comment)
  );
}

/** Makes the pair "$new" with `make` and puts it in place: a hard link never replaces what is there. */
function place(spec: KeypairSpec, scope: Scope, make: Script): Script {
  const { path, user, group } = spec;
  const base = `../${split(path).base}`;
  return workBeside(
    path,
    scope,
    lines(
      raw('new=./key'),
      make,
      sh`chown ${`${user}:${group}`} "$new" "$new.pub"`,
      raw('chmod 0600 "$new"\nchmod 0644 "$new.pub"\nsync "$new" "$new.pub"'),
      sh`ln -T "$new.pub" ${`${base}.pub`}`,
      sh`ln -T "$new" ${base}`,
    ),
  );
}

/** An SSH key pair without a passphrase, made on the node or copied to it. */
export const keypair: ChangeKind<KeypairSpec, KeypairState> = {
  name: 'keypair',
  spec: specSchema,
  state: stateSchema,
  read: (spec) =>
    lines(
      raw(`set -eu
part() {
  if [ -L "$1" ]; then echo other
  elif [ ! -e "$1" ]; then echo absent
  elif [ ! -f "$1" ]; then echo other
  else echo "file $(stat -c '%a %u %g %U %G' "$1") $2"
  fi
}
# Prints the public half; a key with a passphrase gives nothing instead of a prompt.
half() { if [ -f "$1" ] && [ ! -L "$1" ]; then ssh-keygen -y -P '' -f "$1" </dev/null 2>/dev/null || :; fi; }
line() { if [ -f "$1" ] && [ ! -L "$1" ]; then head -n 1 "$1"; fi; }`),
      sh`part ${spec.path} "$(half ${spec.path})"`,
      sh`part ${`${spec.path}.pub`} "$(line ${`${spec.path}.pub`})"`,
      listLeftovers('keypair', spec.path),
    ),
  parse(spec, output) {
    const { leftovers, rest } = takeLeftovers(output);
    const [secret, open] = rest.map((line) => parseKeyPart(line));
    if (!secret || !open || rest.length !== 2) throw malformed('keypair', spec.path, output);
    return { private: secret, public: open, leftovers };
  },
  satisfied(spec, state) {
    const key = pairKey(state);
    // A copy whose original is not known cannot be told from another key.
    if (key === null || (spec.source.kind === 'copy' && spec.source.publicKey === undefined)) return false;
    return expectedKey(spec, key);
  },
  forward(spec, prior, scope) {
    if (prior.private.type !== 'absent' || prior.public.type !== 'absent') {
      throw refused('keypair', spec.path, 'key-exists');
    }
    const start = lines(
      prelude,
      sh`[ "$(seen ${spec.path}) $(seen ${`${spec.path}.pub`})" = 'absent absent' ] || fail ${`there is a key at ${spec.path}`}`,
    );
    if (spec.source.kind === 'generate') {
      const make = sh`ssh-keygen -q -t ed25519 -N '' -C ${spec.comment} -f "$new" </dev/null`;
      return { commands: [{ script: lines(start, place(spec, scope, make)), root: true }] };
    }
    const { node, path } = spec.source;
    const receive = lines(
      raw('cat >"$new"'),
      // Cut off or locked by a passphrase, it gives no public half.
      sh`half=$(ssh-keygen -y -P '' -f "$new" 2>/dev/null </dev/null) || fail ${`the key from ${node} is not whole, or has a passphrase`}`,
      sh`printf '%s %s\\n' "$(printf '%s\\n' "$half" | cut -d ' ' -f 1,2)" ${spec.comment} >"$new.pub"`,
    );
    const command: Command = {
      script: sh`[ -f ${path} ] && [ ! -L ${path} ] && cat ${path}`,
      root: true,
    };
    const script = lines(start, place(spec, scope, receive));
    return { commands: [{ script, root: true, input: { kind: 'output', node, command, sensitive: true } }] };
  },
  backward(spec, _prior, now, scope) {
    const temp = tempPath(spec.path, scope);
    const key =
      now.public.type === 'file' ? now.public.key : now.private.type === 'file' ? now.private.key : null;
    const remove =
      key === null
        ? []
        : [
            sh`for file in ${spec.path} ${`${spec.path}.pub`}; do
  [ "$(seen "$file")" != absent ] || continue
  case $file in *.pub) held=$(cat "$file") ;; *) held=$(ssh-keygen -y -P '' -f "$file" </dev/null) ;; esac
  [ "$(printf '%s\\n' "$held" | cut -d ' ' -f 1,2)" = ${key} ] || fail "$file holds another key"
done`,
            removeFile(spec.path),
            removeFile(`${spec.path}.pub`),
          ];
    return {
      commands: [{ script: lines(prelude, ...remove, sh`rm -rf ${temp}`), root: true }],
    };
  },
  achieved(spec, prior, now) {
    const key = pairKey(now);
    return key !== null && expectedKey(spec, key) && !hasNewLeftovers(prior, now);
  },
  judge(spec, prior, after, now) {
    if (same([now.private, now.public], [prior.private, prior.public])) {
      return hasNewLeftovers(prior, now) ? 'ours' : 'prior';
    }
    const parts = [now.private, now.public];
    if (parts.some((part) => part.type === 'other')) return 'foreign';
    const keys = new Set(parts.flatMap((part) => (part.type === 'file' ? [part.key] : [])));
    if (keys.size !== 1) return 'foreign';
    const left = after && pairKey(after);
    const ours = typeof left === 'string' ? keys.has(left) : recognised(spec, now);
    return ours ? 'ours' : 'foreign';
  },
  undone: (_spec, prior, now) =>
    same([now.private, now.public], [prior.private, prior.public]) && !hasNewLeftovers(prior, now),
  preview: (spec, prior) => [
    {
      title: spec.path,
      before: prior.private.type === 'absent' ? null : describe(prior),
      after:
        spec.source.kind === 'generate'
          ? `ed25519 ${spec.comment}`
          : `${spec.source.node}:${spec.source.path}`,
      mode: '0600',
    },
  ],
  text: describe,
};

function describe(state: KeypairState): string {
  const one = (name: string, part: KeyPart) =>
    part.type === 'file'
      ? `${name} ${part.mode} ${part.owner}:${part.group} ${part.key === null ? '-' : fingerprint(part.key)}`
      : `${name} ${part.type}`;
  return `${one('private', state.private)}\n${one('public', state.public)}`;
}
