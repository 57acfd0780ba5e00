import type { Command } from '../ports';
import { lines, raw, sh, type Script } from '../shell/quote';
import type { BlockSpec, BlockState } from './block-spec';
import { blockText, markers, publicKeyPattern } from './block-text';
import { seenAs, type Entry } from './entry';
import type { Scope } from './kind';
import { expect, prelude, removeFile, replaceFile, tempPath } from './scripts';
import { byteLength } from './values';

/**
 * Shell function `key NAME`: passes on standard input when it is exactly one public key, else stops.
 * Whatever the other node sends, nothing but a key of a known type can get into the file.
 */
const keyFunction: Script = sh`key() {
  line=$(head -c 16385)
  [ "\${#line}" -le 16384 ] || fail "$1 is too long for a public key"
  case $line in *'
'*) fail "$1 holds more than one line" ;; esac
  printf '%s\\n' "$line" | grep -Eqx ${publicKeyPattern} || fail "$1 is not a public key"
  printf '%s\\n' "$line" | ssh-keygen -l -f - >/dev/null || fail "$1 is not a whole public key"
  printf '%s\\n' "$line"
}`;

/** Appends the block to "$new": from standard input where it is known, else part by part. */
function writeBlock(spec: BlockSpec): Script {
  if (blockText(spec.label, spec.parts) !== null) return raw('cat >>"$new"');
  const { begin, end } = markers(spec.label);
  const parts = spec.parts.map((part) => {
    if (part.kind === 'text') return sh`printf '%s' ${part.text} >>"$new"`;
    if (part.kind === 'local-file')
      return sh`[ -f ${part.path} ] || fail ${`there is no ${part.path}`}
key ${part.path} <${part.path} >>"$new"`;
    return sh`key ${`${part.path} on ${part.node}`} >>"$new"`;
  });
  const last = spec.parts.at(-1);
  const close = last?.kind === 'text' && !last.text.endsWith('\n') ? [raw(`echo >>"$new"`)] : [];
  return lines(sh`printf '%s\\n' ${begin} >>"$new"`, ...parts, ...close, sh`printf '%s\\n' ${end} >>"$new"`);
}

/** Appends a part of the file as it was to "$new". */
function slice(from: number, to: number | null): Script[] {
  if (to === null) return [sh`tail -c +${from + 1} "$old" >>"$new"`];
  return to > 0 ? [sh`head -c ${to} "$old" >>"$new"`] : [];
}

/** The command that puts the block in place: in the old one's stead, at the top, or at the end. */
export function insertBlock(
  spec: BlockSpec,
  prior: {
    entry: Exclude<Entry, { type: 'other' }>;
    block: Exclude<BlockState['block'], 'damaged'>;
    open: boolean;
  },
  scope: Scope,
): Command {
  const { path } = spec;
  const { entry } = prior;
  const whole = blockText(spec.label, spec.parts);
  const size = entry.type === 'file' ? entry.sizeBytes : 0;
  const [from, to] = prior.block
    ? [prior.block.start, prior.block.end]
    : spec.place === 'top'
      ? [0, 0]
      : [size, size];
  const fill: Script[] = [];
  if (entry.type === 'file') fill.push(...slice(0, from));
  // A last line without its end must not run into ours.
  if (from === size && prior.open) fill.push(raw(`echo >>"$new"`));
  fill.push(writeBlock(spec));
  if (entry.type === 'file' && to < size) fill.push(...slice(to, null));
  if (whole !== null) {
    // Standard input that was cut off would lose a line without being noticed.
    const added = byteLength(whole) + (from === size && prior.open ? 1 : 0);
    fill.push(
      sh`[ "$(stat -c %s "$new")" = ${size - (to - from) + added} ] || fail 'the block did not arrive whole'`,
    );
  }
  const peer = spec.parts.find((part) => part.kind === 'peer-file');
  const script = lines(
    prelude,
    ...(whole === null ? [keyFunction] : []),
    expect(path, seenAs(entry)),
    replaceFile({
      path,
      scope,
      fill: lines(...fill),
      from: entry.type === 'file' ? entry : undefined,
      owner: entry.type === 'file' ? `${entry.uid}:${entry.gid}` : `${spec.owner}:${spec.group}`,
      mode: entry.type === 'file' ? entry.mode : spec.mode,
    }),
  );
  if (whole !== null) return { script, root: true, input: { kind: 'text', text: whole } };
  if (!peer) return { script, root: true };
  const command: Command = { script: sh`cat ${peer.path}`, root: true };
  return { script, root: true, input: { kind: 'output', node: peer.node, command, sensitive: false } };
}

/** The command that takes the block out again, or puts the one from before back in its stead. */
export function removeBlock(spec: BlockSpec, prior: BlockState, now: BlockState, scope: Scope): Command {
  const { path } = spec;
  const { entry, block } = now;
  const tidy = sh`rm -rf ${tempPath(path, scope)}`;
  const start = [prelude, expect(path, seenAs(entry))];
  const before = prior.block === null || prior.block === 'damaged' ? null : prior.block;
  if (entry.type !== 'file' || block === 'damaged' || (block?.text ?? null) === (before?.text ?? null)) {
    const emptied = entry.type === 'file' && entry.sizeBytes === 0 && prior.entry.type === 'absent';
    return { script: lines(...start, ...(emptied ? [removeFile(path)] : []), tidy), root: true };
  }
  const from = block?.start ?? 0;
  const to = block?.end ?? 0;
  // The line end that we put before the block goes with it, unless somebody's line now follows.
  const glue =
    spec.place === 'end' && before === null && prior.open && from > 0 && to === entry.sizeBytes ? 1 : 0;
  const old = before?.text ?? '';
  if (prior.entry.type === 'absent' && entry.sizeBytes === to - from) {
    return { script: lines(...start, removeFile(path), tidy), root: true };
  }
  const fill = [
    ...slice(0, from - glue),
    ...(old === '' ? [] : [raw('cat >>"$new"')]),
    ...(to < entry.sizeBytes ? slice(to, null) : []),
    sh`[ "$(stat -c %s "$new")" = ${entry.sizeBytes - (to - from) - glue + byteLength(old)} ] || fail 'the old block did not arrive whole'`,
  ];
  const script = lines(
    ...start,
    replaceFile({
      path,
      scope,
      fill: lines(...fill),
      from: entry,
      owner: `${entry.uid}:${entry.gid}`,
      mode: entry.mode,
    }),
    tidy,
  );
  return { script, root: true, ...(old === '' ? {} : { input: { kind: 'text' as const, text: old } }) };
}
