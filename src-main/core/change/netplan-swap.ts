import { TRIAL_GONE } from '../exit-status';
import type { Command } from '../ports';
import { helpers, lines, raw, sh, type Script } from '../shell/quote';
import type { Procedure, Scope } from './kind';
import { linkFunctions } from './netplan-link-back';
import { emptyDocument, nameOf, trialPath } from './netplan-spec';
import { sha256 } from './values';

/** One file of /etc/netplan on its way from one content to another. */
export interface Swap {
  readonly path: string;
  /** Null takes the file away. */
  readonly to: {
    readonly sha256: string;
    /** The text, or a root-only copy on the node that holds it. */
    readonly source: { readonly text: string } | { readonly copy: string };
    readonly mode: string;
    readonly owner: string;
  } | null;
  /** What the file in /etc may be while this goes on (hash or `absent`); anything else is somebody's edit. */
  readonly accepted: readonly string[];
}

/** What belongs to a change on the node: the guard's unit and its script. */
export function guardUnit(scope: Scope): string {
  return `twinspark-netplan-${scope.run}-${scope.index}`;
}
const guardFolder = '/run/twinspark';
/** Path of the guard's script. */
export function guardScript(scope: Scope): string {
  return `${guardFolder}/netplan-${scope.run}-${scope.index}.sh`;
}

function stagedPath(path: string): string {
  return `/etc/netplan/.${nameOf(path)}.twinspark`;
}
function halfTrialPath(path: string): string {
  return `/run/netplan/.${nameOf(path)}.twinspark`;
}

/**
 * First lines of every script. The lock (on the folder itself, so that no lock file is left) keeps the guard and the
 * app's commands apart: who holds it and still finds the trial in place decides what becomes of it.
 */
const start: Script = lines(
  helpers(
    raw(`export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
umask 022
fail() { printf 'twinspark: %s\\n' "$1" >&2; exit "\${2:-1}"; }
sum() { if [ -L "$1" ]; then echo other; elif [ -f "$1" ]; then sha256sum <"$1" | cut -c 1-64; elif [ -e "$1" ]; then echo other; else echo absent; fi; }`),
  ),
  raw(`exec 8</etc/netplan
flock -w 60 8 || fail 'another netplan change is running on this node'`),
);

/** Stops a guard. Safe only under the lock: then it has not begun, or is done. */
export function stopGuard(units: readonly string[]): Script {
  const names = units.flatMap((unit) => [`${unit}.timer`, `${unit}.service`]);
  return names.length === 0 ? raw(':') : sh`systemctl stop ${names} 2>/dev/null || :`;
}

/** Removes the trial, half-written files and the guard's script. */
export function dropTrial(paths: readonly string[], scripts: readonly string[]): Script {
  const files = paths.flatMap((path) => [trialPath(path), halfTrialPath(path), stagedPath(path)]);
  return lines(
    sh`rm -f ${[...files, ...scripts]}`, // Folders that were made for it; one that holds something stays.
    sh`rmdir /run/netplan /run/udev/rules.d ${guardFolder} 2>/dev/null || :`,
  );
}

/**
 * netplan leaves its udev rules behind when nothing asks for them any more, and they still tell NetworkManager what to
 * manage; without them it writes those that are wanted.
 */
const applyNetplan: Script = raw(`rm -f /run/udev/rules.d/*-netplan.rules /run/udev/rules.d/*-netplan-*.rules
netplan apply`);

/** What brings the node to where it was, apart from files in /etc: run by the guard, or when a trial failed. */
export function takeBack(paths: readonly string[], rest: Script, scripts: readonly string[]): Script {
  return lines(
    start,
    linkFunctions,
    dropTrial(paths, []),
    sh`{ ${applyNetplan}; } || :`,
    rest,
    dropTrial([], scripts),
  );
}

export interface SwapOptions {
  readonly scope: Scope;
  readonly seconds: number;
  readonly swaps: readonly Swap[];
  /** Before the guard is armed: copies of what may not leave the node. */
  readonly before: Script;
  /** After `netplan apply`: waits for addresses, or puts interfaces back. */
  readonly settle: Script;
  /** What the guard does after the files in /run are gone and netplan has been applied. */
  readonly back: Script;
  /** After the files in /etc are in place. */
  readonly after: Script;
  /** Guards that may still be about from a crash. */
  readonly stray: readonly string[];
}

/**
 * Trial in /run/netplan, which shadows /etc/netplan by name and is gone after a power cut; then `keep` moves the same
 * bytes to /etc. The atomic point is each file's rename: everything is written and synced beside its place before,
 * removals come first and then the renames, with nothing between them; a power cut there leaves some files old and
 * some new, each of them whole, which {@link judge} recognises. What netplan generated for the trial is what it
 * generates from /etc, so nothing is applied again.
 */
export function swapProcedure(options: SwapOptions): Procedure {
  return {
    commands: [],
    guard: {
      seconds: options.seconds,
      arm: root(arm(options)),
      trial: [root(trial(options))],
      keep: [root(keep(options))],
    },
  };
}

export function root(script: Script): Command {
  return { script, root: true };
}

function arm({ scope, seconds, swaps, before, back, stray }: SwapOptions): Script {
  const unit = guardUnit(scope);
  const script = guardScript(scope);
  const paths = swaps.map((swap) => swap.path);
  const guard = takeBack(paths, back, [script]);
  return lines(
    raw('set -eu'),
    start,
    ...swaps.map(unedited),
    stopGuard([...new Set([unit, ...stray])]),
    before,
    // What is written from here on is root's alone; what netplan generates elsewhere must stay readable for networkd.
    raw('umask 077'),
    sh`mkdir -p ${guardFolder}`,
    sh`printf %s ${guard.text} >${script}`,
    sh`systemd-run --quiet --collect --unit=${unit} --on-active=${`${seconds}s`} --timer-property=AccuracySec=100ms /bin/sh ${script}`,
  );
}

function unedited(swap: Swap): Script {
  const pattern = raw([...new Set(swap.accepted)].join(' | '));
  return sh`case $(sum ${swap.path}) in ${pattern}) ;; *) fail ${`${swap.path} was edited meanwhile`} ;; esac`;
}

function trial({ scope, swaps, settle }: SwapOptions): Script {
  const timer = `${guardUnit(scope)}.timer`;
  const paths = swaps.map((swap) => swap.path);
  return lines(
    raw('set -eu'),
    start,
    linkFunctions,
    sh`systemctl is-active --quiet ${timer} || fail 'the guard is not armed'`,
    raw('mkdir -p -m 0755 /run/netplan'),
    ...swaps.map(({ path, to }) => {
      const half = halfTrialPath(path);
      const source = to?.source ?? { text: emptyDocument };
      const fill = 'text' in source ? sh`printf %s ${source.text} >${half}` : sh`cat ${source.copy} >${half}`;
      return lines(sh`(umask 077; ${fill})`, sh`mv -f ${half} ${trialPath(path)}`);
    }),
    sh`status=0; { ${applyNetplan}; } || status=$?`,
    // 78 (EX_CONFIG): netplan refused the files before it touched anything. Otherwise it stopped half-way.
    sh`case $status in
0) ;;
78)
  rm -f ${paths.map(trialPath)}
  netplan generate || :
  fail 'netplan refuses the configuration' ;;
*)
  exec 8<&-
  /bin/sh ${guardScript(scope)} || :
  fail "netplan apply ended with $status; the node has gone back" ;;
esac`,
    settle,
  );
}

function keep({ scope, swaps, after }: SwapOptions): Script {
  const staged = swaps.map((swap) => stagedPath(swap.path));
  const filled = swaps.filter((swap) => swap.to !== null);
  return lines(
    raw('set -eu'),
    start,
    sh`trap ${sh`rm -f ${staged}`.text} EXIT`,
    ...swaps.map(unedited),
    ...swaps.map((swap) => {
      const wanted = swap.to?.sha256 ?? 'absent';
      const tried = swap.to?.sha256 ?? sha256(emptyDocument);
      return sh`[ "$(sum ${trialPath(swap.path)})" = ${tried} ] || [ "$(sum ${swap.path})" = ${wanted} ] || fail 'the node has already taken the trial back' ${TRIAL_GONE}`;
    }),
    ...filled.map(({ path, to }) => {
      const temp = stagedPath(path);
      const source = trialPath(path);
      return lines(
        sh`from=${source}; [ -f "$from" ] || from=${path}`,
        sh`(umask 077; cat "$from" >${temp})`,
        sh`[ "$(sum ${temp})" = ${to?.sha256 ?? ''} ] || fail 'the file did not arrive whole'`,
        sh`chown ${to?.owner ?? '0:0'} ${temp}`,
        sh`chmod ${to?.mode ?? '0600'} ${temp}`,
        sh`sync ${temp}`,
      );
    }),
    stopGuard([guardUnit(scope)]),
    ...swaps.filter((swap) => swap.to === null).map((swap) => sh`rm -f ${swap.path}`),
    ...filled.map((swap) => sh`mv -f ${stagedPath(swap.path)} ${swap.path}`),
    raw('sync /etc/netplan'),
    after,
    dropTrial(
      swaps.map((swap) => swap.path),
      [guardScript(scope)],
    ),
  );
}
