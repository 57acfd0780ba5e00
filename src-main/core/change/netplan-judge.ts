import { message, type Message } from '../../contract/message';
import { canonicalJson as canonical, sameValue as same } from '../canonical';
import { entryText, seenAs } from './entry';
import type { Preview, Verdict } from './kind';
import type { LinkState } from './netplan-link';
import { lacking } from './netplan-read';
import { emptyDocument, isTarget, staysOnNode, type NetplanSpec, type NetplanState } from './netplan-spec';
import { sameFile } from './netplan-steps';
import { sha256 } from './values';

/** The files are in place for good, nothing of a trial is left, and the interfaces have the addresses. */
export function satisfiedNetplan(spec: NetplanSpec, state: NetplanState): boolean {
  return (
    spec.files.every((file, index) => {
      const found = state.files[index];
      return found?.trial === null && isTarget(file, found.file);
    }) &&
    state.guards.length === 0 &&
    lacking(spec, state.links).every((name) => state.waiting.includes(name))
  );
}

export function achievedNetplan(spec: NetplanSpec, prior: NetplanState, now: NetplanState): boolean {
  const halfDone = now.leftovers.filter((path) => !prior.leftovers.includes(path) && !isCopy(path));
  return satisfiedNetplan(spec, now) && halfDone.length === 0;
}

/** A prior content that waits on the node until the change is taken back. */
function isCopy(path: string): boolean {
  return path.startsWith('/var/lib/twinspark/') && !path.endsWith('.new');
}

/**
 * In /etc a file is whole and either old or new, whatever step was cut off; in /run it is the new one, the old one
 * (an undo's trial) or the empty document. Anything else is somebody's edit. Interfaces do not decide on `foreign`:
 * they follow from the files, and an address that somebody added by hand is not an edit of this thing.
 */
export function judgeNetplan(spec: NetplanSpec, prior: NetplanState, now: NetplanState): Verdict {
  const foreign = spec.files.some((file, index) => {
    const before = prior.files[index]?.file ?? { type: 'absent' };
    const found = now.files[index];
    if (found === undefined) return true;
    const ours = isTarget(file, found.file) || sameFile(before, found.file);
    const trials = [
      null,
      sha256(emptyDocument),
      seenAs(before),
      ...(file.content === null ? [] : [sha256(file.content)]),
    ];
    return !ours || !trials.includes(found.trial);
  });
  if (foreign) return 'foreign';
  return undoneNetplan(prior, now) ? 'prior' : 'ours';
}

/** Files, interfaces and services as before, and nothing of ours that was not there. */
export function undoneNetplan(prior: NetplanState, now: NetplanState): boolean {
  const added = (key: 'guards' | 'leftovers' | 'generated') =>
    now[key].some((name) => !prior[key].includes(name));
  return (
    prior.files.length === now.files.length &&
    prior.files.every((file, index) => {
      const found = now.files[index];
      return found !== undefined && sameFile(file.file, found.file) && file.trial === found.trial;
    }) &&
    !added('guards') &&
    !added('leftovers') &&
    // Edits that were waiting have been applied with ours: then the interfaces are as those files want them.
    (prior.pending ||
      (!added('generated') && same(prior.services, now.services) && same(prior.links, now.links)))
  );
}

/** Edits of others that this change applies along with its own. */
export function irreversibleNetplan(spec: NetplanSpec, prior: NetplanState): Message | undefined {
  if (!prior.pending) return undefined;
  return message('change.netplan.irreversible', { interfaces: spec.interfaces.join(', ') });
}

export function previewNetplan(spec: NetplanSpec, prior: NetplanState): Preview[] {
  return spec.files.map((file, index) => ({
    title: file.path,
    before: entryText(prior.files[index]?.file ?? { type: 'absent' }),
    after: file.content,
    ...(file.content === null ? {} : { mode: file.mode }),
  }));
}

/** For showing a difference: files with mode and owner, what is left of a trial, interfaces. */
export function textOfNetplan(state: NetplanState): string {
  const files = state.files.flatMap(({ path, file, trial }) => [
    file.type === 'file'
      ? `${path} ${file.mode} ${file.owner}:${file.group}${staysOnNode(file) ? ` sha256 ${file.sha256}` : ''}`
      : `${path} ${file.type}`,
    ...(file.type === 'file' ? (entryText(file) ?? '').split('\n').map((line) => `  ${line}`.trimEnd()) : []),
    ...(trial === null ? [] : [`/run/netplan shadows it: sha256 ${trial}`]),
  ]);
  const others = [
    ...state.guards.map((unit) => `guard ${unit}`),
    ...state.leftovers.map((path) => `left ${path}`),
    ...state.generated.map((path) => `generated ${path}`),
  ];
  if (state.pending) others.push('edited since netplan last ran');
  return [...files, ...others, `services ${canonical(state.services)}`, ...state.links.map(linkText)].join(
    '\n',
  );
}

export function linkText(link: LinkState): string {
  if (!link.present) return `${link.name} absent`;
  const parts = [
    `${link.name} ${link.up ? 'up' : 'down'} mtu ${link.mtu} managed by ${link.manager ?? 'nobody'}`,
    ...link.addresses.map((address) => `  address ${address}`),
    ...(link.linkLocal === null ? [] : [`  link-local ${link.linkLocal}`]),
    ...link.routes.map((route) => `  route ${route}`),
    ...(link.settings === null ? [] : [`  settings ${canonical(link.settings)}`]),
  ];
  return parts.join('\n');
}
