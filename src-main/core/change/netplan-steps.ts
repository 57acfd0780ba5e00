import { lines, raw, sh, type Script } from '../shell/quote';
import { seenAs } from './entry';
import type { Procedure, Scope } from './kind';
import { bringBack } from './netplan-link-back';
import {
  nameOf,
  staysOnNode,
  wantedAddresses,
  type NetplanFile,
  type NetplanSpec,
  type NetplanState,
} from './netplan-spec';
import { guardScript, root, stopGuard, swapProcedure, takeBack, type Swap } from './netplan-swap';
import { refused, sha256 } from './values';

const copies = '/var/lib/twinspark';

/** Where a prior content waits that may not be journaled. */
function copyPath(path: string, scope: Scope): string {
  return `${copies}/${scope.run}/netplan-${scope.index}-${nameOf(path)}`;
}

/** @throws Failure CHANGE_FAILED when a file is no regular file, or /run/netplan already shadows one */
export function forwardNetplan(spec: NetplanSpec, prior: NetplanState, scope: Scope): Procedure {
  for (const { path, file, trial } of prior.files) {
    if (file.type === 'other') throw refused('netplan', path, 'not-a-regular-file');
    if (trial !== null) throw refused('netplan', path, 'shadowed-in-run');
  }
  const swaps = spec.files.map((file, index) =>
    forwardSwap(file, prior.files[index]?.file ?? { type: 'absent' }),
  );
  return swapProcedure({
    scope,
    seconds: spec.seconds,
    swaps,
    before: makeCopies(prior, scope),
    settle: lines(
      ...[...wantedAddresses(spec)].map(([name, addresses]) => awaitAddresses(name, addresses, prior)),
      idle(prior),
    ),
    back: lines(restoreRuntime(prior), dropCopies(prior, scope)),
    after: raw(':'),
    stray: [],
  });
}

function forwardSwap(file: NetplanFile, prior: NetplanState['files'][number]['file']): Swap {
  const to =
    file.content === null
      ? null
      : { sha256: sha256(file.content), source: { text: file.content }, mode: file.mode, owner: '0:0' };
  return { path: file.path, to, accepted: [seenAs(prior), to?.sha256 ?? 'absent'] };
}

/**
 * Waits for the addresses, which the manager gives after `netplan apply` has ended. A port that was up without a
 * carrier has no cable: it is not waited for. One that was down gets a moment for its carrier.
 */
function awaitAddresses(name: string, addresses: readonly string[], prior: NetplanState): Script {
  const link = prior.links.find((candidate) => candidate.name === name);
  if (link?.present !== true) return raw(':');
  const raise = link.up
    ? raw(':')
    : sh`tries=0; until ts_carrier ${name} || [ $tries -ge 60 ]; do tries=$((tries + 1)); sleep 0.05; done`;
  return lines(
    raise,
    sh`ts_await 200 ${name} ${[...addresses]} || fail ${`${name} did not get its addresses`}`,
  );
}

/** `netplan apply` starts networkd even where it only had a .link file to write; a reboot would not. */
function idle(prior: NetplanState): Script {
  if (prior.services.networkd) return raw(':');
  return raw(`set -- /run/systemd/network/*netplan-*.network
if [ ! -e "$1" ]; then systemctl stop systemd-networkd.socket systemd-networkd.service 2>/dev/null || :; fi`);
}

/** Brings services and interfaces to `state`; netplan has been applied. */
function restoreRuntime(state: NetplanState): Script {
  const { networkManager, networkd, networkdSocket } = state.services;
  const start = (unit: string) => sh`systemctl is-active --quiet ${unit} || systemctl start ${unit} || :`;
  const stop = (...units: string[]) => sh`systemctl stop ${units} 2>/dev/null || :`;
  return lines(
    networkd
      ? start('systemd-networkd.service')
      : stop(...(networkdSocket ? [] : ['systemd-networkd.socket']), 'systemd-networkd.service'),
    networkManager ? start('NetworkManager.service') : stop('NetworkManager.service'),
    bringBack(state.links),
  );
}

function makeCopies(prior: NetplanState, scope: Scope): Script {
  return lines(
    ...prior.files
      .filter(({ file }) => staysOnNode(file))
      .flatMap(({ path, file }) => {
        const copy = copyPath(path, scope);
        return [
          sh`(umask 077; mkdir -p ${`${copies}/${scope.run}`})`,
          sh`if [ "$(sum ${copy})" != ${seenAs(file)} ]; then`,
          sh`  [ "$(sum ${path})" = ${seenAs(file)} ] || fail ${`${path} was edited meanwhile`}`,
          sh`  (umask 077; cat ${path} >${`${copy}.new`}); sync ${`${copy}.new`}; mv -f ${`${copy}.new`} ${copy}; sync ${`${copies}/${scope.run}`}`,
          raw('fi'),
        ];
      }),
  );
}

/** Removes the copies of files that are in their place again; a copy that is still needed stays. */
function dropCopies(prior: NetplanState, scope: Scope): Script {
  const kept = prior.files.filter(({ file }) => staysOnNode(file));
  if (kept.length === 0) return raw(':');
  return lines(
    ...kept.map(({ path, file }) => {
      const copy = copyPath(path, scope);
      return sh`[ "$(sum ${path})" != ${seenAs(file)} ] || rm -f ${[copy, `${copy}.new`]}`;
    }),
    sh`rmdir ${`${copies}/${scope.run}`} ${copies} 2>/dev/null || :`,
  );
}

/** Where /etc already is as before, nothing can cut the way any more: the old state is simply restored. */
export function backwardNetplan(
  spec: NetplanSpec,
  prior: NetplanState,
  now: NetplanState,
  scope: Scope,
): Procedure {
  const stray = now.guards.filter((unit) => !prior.guards.includes(unit));
  const paths = spec.files.map((file) => file.path);
  if (prior.files.every((file, index) => sameFile(file.file, now.files[index]?.file))) {
    const scripts = [guardScript(scope)];
    const body = takeBack(paths, lines(restoreRuntime(prior), dropCopies(prior, scope)), scripts);
    return { commands: [root(lines(underLock, stopGuard(stray), body))] };
  }
  return swapProcedure({
    scope,
    seconds: spec.seconds,
    swaps: spec.files.map((file, index) => backwardSwap(file, prior, index, scope)),
    before: raw(':'),
    settle: restoreRuntime(prior),
    back: restoreRuntime(now),
    after: dropCopies(prior, scope),
    stray,
  });
}

/** A guard that is just restoring is let finish; one that waits may be stopped. */
const underLock: Script = raw('exec 8</etc/netplan; flock -w 60 8 || exit 1');

function backwardSwap(file: NetplanFile, prior: NetplanState, index: number, scope: Scope): Swap {
  const before = prior.files[index]?.file ?? { type: 'absent' };
  const accepted = [seenAs(before), file.content === null ? 'absent' : sha256(file.content)];
  if (before.type !== 'file') return { path: file.path, to: null, accepted };
  const source =
    staysOnNode(before) || before.content === null
      ? { copy: copyPath(file.path, scope) }
      : { text: before.content };
  const to = { sha256: before.sha256, source, mode: before.mode, owner: `${before.uid}:${before.gid}` };
  return { path: file.path, to, accepted };
}

/** Same bytes, mode and owner. */
export function sameFile(
  a: NetplanState['files'][number]['file'],
  b: NetplanState['files'][number]['file'] | undefined,
): boolean {
  if (a.type !== 'file' || b?.type !== 'file') return a.type === b?.type;
  return a.sha256 === b.sha256 && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}
