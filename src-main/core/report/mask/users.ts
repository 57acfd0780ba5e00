import type { FileState } from '../../../contract/facts';
import type { ReportInput } from '../input';
import type { Mask } from './placeholders';
import { longestFirst, namePattern, tells } from './name-pattern';

const homes = /((?:\/home|\/Users|[A-Za-z]:\\Users)[/\\])([^/\\\s:;,"'`<>|()]+)/g;
const logins = /(?<![\w.@-])([A-Za-z_][\w.-]*)@(?=[\w[\ufdd0])(?!\S*\.(?:service|socket|timer|mount)\b)/g;
/** Accounts that are no person's. */
const nobodys = new Set(['root', 'git', 'twinspark']);

/** Login names of the nodes and of this computer, in paths, before `@`, and on their own. */
export function userMask({ nodes, laptop }: ReportInput): Mask {
  const names = longestFirst([
    ...(laptop?.users ?? []),
    ...nodes.flatMap(({ user, facts }) => [
      user,
      ...(facts?.account.known === true ? [facts.account.value.name] : []),
      ...(facts?.accounts.known === true ? facts.accounts.value.map(({ name }) => name) : []),
      ...(facts?.ssh.known === true
        ? [facts.ssh.value.user, ...commentUsers(facts.ssh.value.authorizedKeys)]
        : []),
    ]),
  ]).map((name) => ({ key: name.toLowerCase(), pattern: namePattern(name) }));
  return (text, marks) => {
    const mark = (name: string) =>
      tells(name) && !nobodys.has(name) && !name.startsWith('\ufdd0')
        ? marks.of('user', name.toLowerCase())
        : name;
    let rest = text
      .replace(homes, (_, folder: string, name: string) => `${folder}${mark(name)}`)
      .replace(logins, (_, name: string) => `${mark(name)}@`);
    for (const { key, pattern } of names) rest = rest.replace(pattern, () => marks.of('user', key));
    return rest;
  };
}

/** Comments of keys are `user@host` by custom. */
export function comments(file: FileState): { user: string; host: string }[] {
  const content = file.exists ? (file.content ?? '') : '';
  return [...content.matchAll(/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={0,2}[ \t]+([\w.-]+)@([\w.-]+)/g)].map(
    ([, user = '', host = '']) => ({ user, host }),
  );
}

function commentUsers(file: FileState): string[] {
  // Keys that Twinspark makes bear its own name.
  return comments(file).flatMap(({ user }) => (user === 'twinspark' ? [] : user));
}
