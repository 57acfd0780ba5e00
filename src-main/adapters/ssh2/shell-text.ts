import { quote } from '../../core/shell/quote';

/*
 * The texts that shells on a node get from us. Three things decide their form:
 * - sshd hands an exec request to the login shell (`$SHELL -c TEXT`), which may be fish, csh or zsh. So the request
 *   is one constant in single quotes, without a backslash, `!`, line end or inner quote: it means the same to all.
 * - Scripts and input travel on standard input, not in the text: `ps` shows arguments to everybody on the node.
 * - A shell may read ahead from its standard input, except for `read`, which takes one line and not a byte more
 *   (POSIX.1-2024, read). So whatever is run is one line that `read` takes and `eval` runs; POSIX gives `IFS` a
 *   line end as its third character, which restores the lines of a script without starting a process.
 */

/**
 * The exec request: turns the login shell into /bin/sh, says hello on both streams with the process group that it
 * leads, then runs the first line it is given. What a start-up file printed stands before the hello.
 * At the end of standard input it exits without running anything.
 */
export function bootstrap(nonce: string): string {
  return (
    `exec /bin/sh -c 'unset TMOUT; LC_ALL=C; export LC_ALL; _g=$$; ` +
    `{ read -r _a _b _c _d _g _e < /proc/$$/stat; } 2> /dev/null; ` +
    `echo ${nonce} $_g; echo ${nonce} >&2; IFS= read -r _x && eval "$_x"'`
  );
}

/**
 * A script as one line for `eval`.
 * @throws RangeError when it holds NUL
 */
export function evalLine(script: string): string {
  return `_n=\${IFS#??}; eval ${script.split('\n').map(quote).join('"$_n"')}`;
}

/**
 * The line that runs a script as the last thing of its shell. Input comes after it, `inputLength` characters of
 * base64: it is complete before the script starts, so a connection that breaks cannot leave half of a file behind.
 * Standard input of the channel stays open either way; sshd still takes signals for it then.
 */
export function userLine(script: string, inputLength: number | undefined): string {
  if (inputLength === undefined) return `exec < /dev/null; ${evalLine(script)}`;
  return `${takeInput(inputLength)} || exit 255; printf %s "$_b" | base64 -d | { ${evalLine(script)}; }`;
}

/** Reads exactly that many characters, and fails when there were fewer. Nothing is sent after them that could be read too. */
function takeInput(length: number): string {
  return `_b=$(head -c ${length}); [ \${#_b} -eq ${length} ]`;
}

/**
 * The root shell: runs pairs of lines, the first being the frame around the second. `read` fails at the end of
 * standard input, also in the middle of a line: when the connection is gone, nothing more is run.
 */
export function dispatcher(hello: string): string {
  return (
    `unset TMOUT; LC_ALL=C; export LC_ALL; exec 3>&1 4>&2; echo ${hello}; ` +
    `while IFS= read -r _x && IFS= read -r _s; do eval "$_x"; done`
  );
}

/** The line that replaces a ready shell by the root shell; `missing` on stderr says that there is no sudo. */
export function sudoLine(prompt: string, missing: string, text: string): string {
  return (
    `command -v sudo > /dev/null 2>&1 || { echo ${missing} >&2; exit 127; }; ` +
    `exec sudo -S -p ${quote(prompt)} /bin/sh -c ${quote(text)}`
  );
}

const child = `echo "$$"; IFS= read -r _x; eval "$_x"`;

/**
 * The frame of one root command: a shell in a session of its own (to be ended as a whole) says its process id,
 * takes the script line and runs it with the rest of the pipe as input. Both output streams go through a pipe, so
 * that the frame ends only when nobody can write into the next one; then the nonce closes each of them, on stdout
 * with the exit status. The nonce comes on standard input and leaves by a builtin: it is in nobody's arguments.
 */
export function frameLine(nonce: string, inputLength: number | undefined): string {
  const feed =
    inputLength === undefined
      ? `printf "%s\\n" "$_s"`
      : `{ printf "%s\\n" "$_s"; printf %s "$_b" | base64 -d; }`;
  const take = inputLength === undefined ? '' : `${takeInput(inputLength)} || exit 255; `;
  return (
    take +
    `_r=$({ { { ${feed} | setsid /bin/sh -c ${quote(child)} 3>&- 4>&- 5>&-; echo "$?" >&5; } ` +
    `2>&1 >&6 6>&- | cat >&4 6>&-; } 6>&1 | cat >&3; } 5>&1); ` +
    `echo "${nonce} $_r"; echo ${nonce} >&2`
  );
}

/**
 * Ends a process group: TERM, a second and a half of grace, KILL. Exits 0 when nothing of the group runs any more.
 * `kill -0` alone would still find dead processes that nobody has collected yet, so their state is looked at.
 */
export function endGroupScript(group: number): string {
  return [
    `_runs() {`,
    `kill -s 0 -- -${group} 2> /dev/null || return 1`,
    `[ -r /proc/self/stat ] || return 0`,
    `for _f in /proc/[0-9]*/stat; do`,
    `{ read -r _l < "$_f"; } 2> /dev/null || continue`,
    // The name in parentheses may hold anything; after it come state, parent and group (proc(5)).
    `set -- \${_l##*) }`,
    `if [ "$3" = ${group} ] && [ "$1" != Z ] && [ "$1" != X ]; then return 0; fi`,
    `done`,
    `return 1`,
    `}`,
    `kill -s TERM -- -${group} 2> /dev/null`,
    `for _t in 0.02 0.05 0.1 0.2 0.4 0.8; do _runs || exit 0; sleep "$_t"; done`,
    `kill -s KILL -- -${group} 2> /dev/null`,
    `for _t in 0.02 0.05 0.1 0.2 0.4; do _runs || exit 0; sleep "$_t"; done`,
    `exit 1`,
  ].join('\n');
}
