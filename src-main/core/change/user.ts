import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { sameValue as same } from '../canonical';
import type { ChangeKind } from './kind';
import { hasNewLeftovers, takeLeftovers } from './scripts';
import { joinGroups, makeAccount, readAccount, setPassword, takeBack } from './user-scripts';
import { specSchema, type UserSpec } from './user-spec';
import { malformed, refused } from './values';

const stateSchema = z.object({
  account: z
    .object({ uid: z.number(), gid: z.number(), gecos: z.string(), home: z.string(), shell: z.string() })
    .nullable(),
  password: z.boolean(),
  /** Those of the wanted groups that the node has. */
  available: z.array(z.string()),
  /** Where the name stands: `passwd own`, `group- sudo` (member of sudo, in the backup file). */
  lines: z.array(z.string()),
  home: z.enum(['absent', 'directory', 'other']),
  leftovers: z.array(z.string()),
  /** While a change of ours is in place: files of the account that neither we nor /etc/skel made, at most 50. */
  extra: z.array(z.string()),
});
export type UserState = z.infer<typeof stateSchema>;

/** Wanted groups that the account is not in. */
export function missingGroups(spec: UserSpec, state: UserState): string[] {
  return state.available.filter((group) => !state.lines.includes(`group ${group}`));
}

function matches(spec: UserSpec, state: UserState): boolean {
  if (state.account === null || missingGroups(spec, state).length > 0) return false;
  return spec.uid === undefined || state.account.uid === spec.uid;
}

function memberships(spec: UserSpec, state: UserState): string[] {
  const wanted = new Set(spec.groups.flatMap((group) => [`group ${group}`, `gshadow ${group}`]));
  return state.lines.filter((line) => wanted.has(line));
}

/** A login account with a home, or the groups that an existing one lacks. */
export const user: ChangeKind<UserSpec, UserState> = {
  name: 'user',
  spec: specSchema,
  state: stateSchema,
  read: readAccount,
  parse(spec, output) {
    const { leftovers, rest } = takeLeftovers(output);
    const state: UserState = {
      account: null,
      password: false,
      available: [],
      lines: [],
      home: 'absent',
      leftovers,
      extra: [],
    };
    for (const line of rest) {
      const [word, ...values] = line.split(' ');
      const value = values.join(' ');
      if (word === 'account') {
        const [uid, gid, gecos = '', home = '', shell = ''] = value.split(':');
        state.account = { uid: Number(uid), gid: Number(gid), gecos, home, shell };
      } else if (word === 'password') state.password = value === 'set';
      else if (word === 'group') state.available.push(value);
      else if (word === 'line') state.lines.push(value);
      else if (word === 'home') state.home = z.enum(['absent', 'directory', 'other']).parse(value);
      else if (word === 'extra') state.extra.push(Buffer.from(value, 'hex').toString('utf8'));
      else throw malformed('user', spec.name, output);
    }
    state.lines.sort();
    state.extra.sort();
    return state;
  },
  satisfied: matches,
  forward(spec, prior, scope) {
    if (prior.account !== null) {
      if (spec.uid !== undefined && prior.account.uid !== spec.uid)
        throw refused('user', spec.name, 'other-uid');
      return { commands: [joinGroups(spec, missingGroups(spec, prior), scope)] };
    }
    // A stray line or home of that name would become part of the account, and nobody could tell it apart later.
    if (prior.home !== 'absent') throw refused('user', spec.name, 'home-exists');
    if (prior.lines.length > 0) throw refused('user', spec.name, 'name-in-use', prior.lines.join('\n'));
    return { commands: [makeAccount(spec, prior.available, scope), setPassword(spec, scope)] };
  },
  backward(spec, prior, now, scope) {
    const created = prior.account === null;
    const joined = created ? [] : missingGroups(spec, prior);
    return { commands: [takeBack({ spec, created, joined, uid: now.account?.uid ?? null, scope })] };
  },
  achieved: (spec, prior, now) => matches(spec, now) && (prior.account !== null || now.password),
  judge(spec, prior, after, now) {
    const begun = hasNewLeftovers(prior, now);
    if (!begun) {
      if (prior.account === null) return now.account === null ? 'prior' : 'foreign';
      return same(memberships(spec, prior), memberships(spec, now)) ? 'prior' : 'foreign';
    }
    if (prior.account !== null) return same(prior.account, now.account) ? 'ours' : 'foreign';
    if (now.extra.length > 0) return 'foreign';
    if (now.account === null) return 'ours';
    if (after) return same(after.account, now.account) ? 'ours' : 'foreign';
    return now.account.shell === spec.shell && now.account.home === `/home/${spec.name}` ? 'ours' : 'foreign';
  },
  undone(spec, prior, now) {
    if (hasNewLeftovers(prior, now)) return false;
    if (prior.account !== null) return same(memberships(spec, prior), memberships(spec, now));
    return now.account === null && now.home === 'absent' && now.lines.length === 0;
  },
  preview(spec, prior) {
    const groups = (list: string[]) => (list.length === 0 ? '' : ` (${list.join(', ')})`);
    const present = prior.available.filter((group) => !missingGroups(spec, prior).includes(group));
    return [
      {
        title: `user ${spec.name}`,
        before: prior.account === null ? null : `${spec.name}${groups(present)}`,
        after: `${spec.name}${groups(prior.available)}`,
      },
    ];
  },
  text: (state) =>
    [
      state.account === null
        ? 'no account'
        : `${state.account.uid}:${state.account.gid}:${state.account.gecos}:${state.account.home}:${state.account.shell}`,
      `home ${state.home}`,
      ...state.lines,
      ...state.extra.map((path) => `! ${path}`),
    ].join('\n'),
};
