import type { ReportInput } from '../input';
import { longestFirst, namePattern, tells } from './name-pattern';
import type { Mask, Placeholders } from './placeholders';
import { comments } from './users';

const announced =
  /(?<![\w.-])[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.(?:local|lan|home|internal|home\.arpa|localdomain)(?![\w-])/g;
const afterUser = /(?<=[\w\ufdd1]@)[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*(?![\w-])/g;
const publicHosts = /^(github|gitlab|nvcr|docker)\.(com|io)$/i;

/** Names of the nodes, of their neighbours and of this computer. All names of one node have one stand-in. */
export function hostMask({ nodes, laptop }: ReportInput, marks: Placeholders): Mask {
  const known = new Map<string, string>();
  const learn = (name: string, mark?: string) => {
    const bare = stripped(name);
    if (!tells(bare) || isAddress(bare) || known.has(bare)) return;
    known.set(bare, mark ?? marks.of('host', bare));
  };
  for (const { name, host, facts } of nodes) {
    const all = [facts?.hostname.known === true ? facts.hostname.value : '', host, name].filter(
      (one) => tells(stripped(one)) && !isAddress(one),
    );
    const [first] = all;
    if (first === undefined) continue;
    const mark = known.get(stripped(first)) ?? marks.of('host', stripped(first));
    for (const one of all) learn(one, mark);
  }
  for (const { facts } of nodes) {
    if (facts?.peers.known === true)
      for (const { name, host } of facts.peers.value) [name, host].forEach((one) => learn(one));
    if (facts?.ssh.known === true) {
      for (const { host } of comments(facts.ssh.value.authorizedKeys)) learn(host);
    }
  }
  for (const name of laptop?.hostnames ?? []) learn(name);
  const patterns = longestFirst(known.keys()).map((name) => ({ name, pattern: namePattern(name) }));
  return (text, names) => {
    const mark = (name: string) => {
      const bare = stripped(name);
      return !tells(bare) || publicHosts.test(name) ? name : (known.get(bare) ?? names.of('host', bare));
    };
    let rest = text;
    for (const { name, pattern } of patterns) rest = rest.replace(pattern, () => known.get(name) ?? '');
    return rest.replace(announced, mark).replace(afterUser, mark);
  };
}

/** A host name without what every network puts after it. */
function stripped(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/\.(local|localdomain|lan|home)$/, '');
}

function isAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || name.includes(':') || name.includes('\ufdd0');
}
