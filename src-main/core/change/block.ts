import { sameValue as same } from '../canonical';
import { decodeBase64 } from '../probe/base64';
import { contentState } from '../probe/file-state';
import { lines, raw, sh } from '../shell/quote';
import { insertBlock, removeBlock } from './block-scripts';
import { specSchema, stateSchema, type BlockSpec, type BlockState } from './block-spec';
import { blockPattern, blockText, findBlock, markers } from './block-text';
import { entryBytes, entryFunction, entryText, parseEntry, type FileEntry } from './entry';
import type { ChangeKind } from './kind';
import { hasNewLeftovers, listLeftovers, takeLeftovers } from './scripts';
import { malformed, refused } from './values';

function textOf(state: BlockState): string | null {
  return state.block === null || state.block === 'damaged' ? null : state.block.text;
}

/** Whether a block's text is one that the change writes. */
function written(spec: BlockSpec, text: string): boolean {
  const whole = blockText(spec.label, spec.parts);
  return whole === null ? blockPattern(spec.label, spec.parts).test(text) : text === whole;
}

/** What a file that stays on the node says about itself: `block none|damaged|START END BASE64` and `open 0|1`. */
function readHidden(spec: BlockSpec) {
  const { begin, end } = markers(spec.label);
  return sh`case $line in *' large' | *' secret')
  begins=$(grep -abxF ${begin} ${spec.path} || :)
  ends=$(grep -abxF ${end} ${spec.path} || :)
  nl='
'
  case "$begins$ends" in
    '') echo 'block none' ;;
    *)
      start=\${begins%%:*}
      stop=\${ends%%:*}
      if [ -z "$begins" ] || [ -z "$ends" ] || [ "$begins" != "\${begins%"$nl"*}" ] || [ "$ends" != "\${ends%"$nl"*}" ] || [ "$start" -gt "$stop" ]; then
        echo 'block damaged'
      else
        stop=$((stop + ${end.length + 1}))
        echo "block $start $stop $(tail -c +$((start + 1)) ${spec.path} | head -c $((stop - start)) | base64 -w 0)"
      fi ;;
  esac
  if [ "$(tail -c 1 ${spec.path} | base64)" = Cg== ]; then echo 'open 0'; else echo 'open 1'; fi ;;
esac`;
}

function hiddenBlock(
  spec: BlockSpec,
  output: string,
  rest: readonly string[],
): Pick<BlockState, 'block' | 'open'> {
  const open = rest[1] === 'open 1';
  if (rest[0] === 'block none') return { block: null, open };
  if (rest[0] === 'block damaged') return { block: 'damaged', open };
  const match = /^block (\d+) (\d+) (\S+)$/.exec(rest[0] ?? '');
  const text = contentState(decodeBase64(match?.[3] ?? '') ?? new Uint8Array()).content;
  if (!match || text === undefined) throw malformed('block', spec.path, output);
  const start = Number(match[1]);
  return {
    block: { start, end: start + contentState(new TextEncoder().encode(text)).sizeBytes, text },
    open,
  };
}

/** Lines of ours in a text file that others own too. */
export const block: ChangeKind<BlockSpec, BlockState> = {
  name: 'block',
  spec: specSchema,
  state: stateSchema,
  read: (spec) =>
    lines(
      raw('set -eu'),
      entryFunction,
      sh`line=$(entry ${spec.path})`,
      raw(`printf '%s\\n' "$line"`),
      readHidden(spec),
      listLeftovers('block', spec.path),
    ),
  parse(spec, output) {
    const { leftovers, rest } = takeLeftovers(output);
    const entry = parseEntry('block', spec.path, rest[0] ?? '');
    if (entry.type !== 'file') return { entry, block: null, open: false, leftovers };
    if (entry.hidden === 'large' || entry.hidden === 'secret') {
      return { entry, ...hiddenBlock(spec, output, rest.slice(1)), leftovers };
    }
    const bytes = entryBytes(rest[0] ?? '');
    const open = bytes.length > 0 && bytes.at(-1) !== 10;
    return { entry, block: findBlock(bytes, spec.label), open, leftovers };
  },
  satisfied(spec, state) {
    const text = textOf(state);
    return text !== null && text === blockText(spec.label, spec.parts);
  },
  forward(spec, prior, scope) {
    if (prior.entry.type === 'other') throw refused('block', spec.path, prior.entry.what);
    if (prior.block === 'damaged') throw refused('block', spec.path, 'markers-damaged');
    return { commands: [insertBlock(spec, { ...prior, entry: prior.entry, block: prior.block }, scope)] };
  },
  backward(spec, prior, now, scope) {
    return { commands: [removeBlock(spec, prior, now, scope)] };
  },
  achieved(spec, prior, now) {
    const text = textOf(now);
    if (text === null || !written(spec, text) || hasNewLeftovers(prior, now)) return false;
    const entry = now.entry as FileEntry;
    // An existing file keeps everything that is not ours.
    return prior.entry.type !== 'file'
      ? entry.mode === spec.mode
      : entry.mode === prior.entry.mode && entry.uid === prior.entry.uid && entry.gid === prior.entry.gid;
  },
  judge(spec, prior, after, now) {
    if (same(now, prior)) return 'prior';
    if (now.entry.type === 'other' || now.block === 'damaged') return 'foreign';
    const text = textOf(now);
    if (text === textOf(prior)) {
      const emptied = prior.entry.type === 'absent' && now.entry.type === 'file' && now.entry.sizeBytes === 0;
      return hasNewLeftovers(prior, now) || emptied ? 'ours' : 'prior';
    }
    if (text === null) return 'foreign';
    const left = after && textOf(after);
    return (left ?? null) === null
      ? written(spec, text)
        ? 'ours'
        : 'foreign'
      : text === left
        ? 'ours'
        : 'foreign';
  },
  undone(_spec, prior, now) {
    if (now.block === 'damaged' || textOf(now) !== textOf(prior) || hasNewLeftovers(prior, now)) return false;
    // A file that was not there may stay only for what others have put into it.
    return (
      prior.entry.type === 'file' ||
      now.entry.type === 'absent' ||
      (now.entry.type === 'file' && now.entry.sizeBytes > 0)
    );
  },
  preview(spec, prior) {
    const before = entryText(prior.entry);
    return [
      {
        title: spec.path,
        before,
        after: expected(spec, prior),
        mode: prior.entry.type === 'file' ? prior.entry.mode : spec.mode,
      },
    ];
  },
  text: (state) => entryText(state.entry) ?? '',
};

/** The file as it will be, keys that are not known yet named by where they come from. */
function expected(spec: BlockSpec, prior: BlockState): string {
  const shown = spec.parts.map((part) =>
    part.kind === 'text'
      ? part
      : {
          kind: 'text' as const,
          text: part.kind === 'local-file' ? `<${part.path}>\n` : `<${part.node}:${part.path}>\n`,
        },
  );
  const ours = blockText(spec.label, shown) ?? '';
  const content = prior.entry.type === 'file' ? prior.entry.content : '';
  if (content === null) return ours;
  const found = textOf(prior);
  if (found !== null) return content.replace(found, () => ours);
  return spec.place === 'top' ? `${ours}${content}` : `${content}${prior.open ? '\n' : ''}${ours}`;
}
