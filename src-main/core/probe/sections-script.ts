import { raw, sh, type Script } from '../shell/quote';
import { decodeBase64 } from './base64';
import { lanes, type Section, type SectionResult, type SectionResults } from './section';
import type { unknown } from './parsed';

const STDERR_LIMIT = 1500;

/**
 * Runs inside `timeout`, in a process group of its own, as `sh -c WRAP NAME SCRIPT BYTES`. Prints one line
 * `base64(stdout LF status) base64(stderr)`; the section's output can leave that alphabet by no means, so it can
 * forge no other section. The pipes are inside the time limit: a left-behind child that holds one ends with it.
 */
const WRAP = [
  'exec 4>&1',
  // By `exec`, not around the group: a shell keeps a spare copy of what it closes around a group, and so would a child.
  'e=$({ { exec 4>&-; (eval "$1") </dev/null 2>&3 3>&-; printf "\\n%s" "$?"; } |',
  `head -c "$2" | base64 -w0 >&4; } 3>&1 | head -c ${STDERR_LIMIT})`,
  `printf ' '`,
  '[ -z "$e" ] || printf %s "$e" | base64 -w0',
].join('\n');

/**
 * One POSIX sh script that runs all sections, lanes side by side, and prints a line per section:
 * `NONCE name status base64 base64`. Leaves no file on the node: a lane waits in a pipe, not in a temporary folder.
 */
export function sectionsScript(sections: readonly Section[], nonce: string): Script {
  const used = lanes.filter((lane) => sections.some((one) => one.lane === lane));
  const functions = used.map((lane) => {
    const calls = sections.filter((one) => one.lane === lane).map(call);
    return `lane_${lane}() {\n${calls.join('\n')}\n}`;
  });
  return raw(
    [
      'export LC_ALL=C',
      'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/cuda/bin; export PATH',
      // Absent on a few minimal systems; the caller's own limit then bounds the whole.
      'command -v timeout >/dev/null 2>&1 || timeout() { shift 3; "$@"; }',
      sh`N=${nonce}`.text,
      sh`W=${WRAP}`.text,
      // KILL, to the whole group: after a TERM that a child ignores, timeout would go with its shell and leave the child.
      's() {',
      'r=$(timeout -s KILL "$2" /bin/sh -c "$W" "$1" "$4" "$3" </dev/null 2>/dev/null)',
      `printf '\\n%s %s %s %s\\n' "$N" "$1" "$?" "$r"`,
      '}',
      ...functions,
      pipeline(used),
    ].join('\n'),
  );
}

function call(one: Section): string {
  return sh`s ${one.name} ${one.seconds} ${one.maxBytes} ${one.script.text}`.text;
}

/**
 * The first lane writes straight to the output; each further one is held by its own shell until the lanes before it
 * in the pipe have been copied. All start at once.
 */
function pipeline(used: readonly string[]): string {
  const [first, ...others] = used;
  if (first === undefined) return ':';
  const held = others.map((lane, index) =>
    index === 0 ? `lane_${lane}` : `{ o=$(lane_${lane}); cat; printf '\\n%s\\n' "$o"; }`,
  );
  return [...held, others.length === 0 ? `lane_${first}` : `{ lane_${first}; cat; }`].join(' |\n');
}

/** Reads what {@link sectionsScript} printed. Anything around the lines (banners, noise) is passed over. */
export function parseSections(stdout: string, sections: readonly Section[], nonce: string): SectionResults {
  const results = new Map<string, SectionResult>();
  const limits = new Map(sections.map((one) => [one.name, one]));
  for (const line of stdout.split('\n')) {
    if (!line.startsWith(`${nonce} `)) continue;
    const [, name = '', status = '', out = '', err = ''] = line.trimEnd().split(' ');
    const from = limits.get(name);
    if (from === undefined) continue;
    results.set(
      name,
      results.has(name) ? noAnswer('malformed', 'answered twice') : readLine(from, status, out, err),
    );
  }
  return results;
}

function readLine(from: Section, status: string, out: string, err: string): SectionResult {
  if (status === '124' || status === '137') {
    return noAnswer('timeout', `no answer within ${from.seconds} s`);
  }
  const bytes = decodeBase64(out);
  const errors = decodeBase64(err);
  if (bytes === null || errors === null) return noAnswer('malformed', 'the answer is damaged');
  if (bytes.length >= from.maxBytes) return noAnswer('too-large', `more than ${from.maxBytes} bytes`);
  const text = bytes.toString('utf8');
  const end = text.lastIndexOf('\n');
  const code = text.slice(end + 1);
  if (end < 0 || !/^\d{1,3}$/.test(code)) return noAnswer('malformed', 'the answer has no exit status');
  return { answered: true, code: Number(code), stdout: text.slice(0, end), stderr: errors.toString('utf8') };
}

function noAnswer(...[reason, detail]: Parameters<typeof unknown>): SectionResult {
  return { answered: false, reason, detail };
}
