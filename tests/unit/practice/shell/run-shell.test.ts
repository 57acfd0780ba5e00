import { Buffer } from 'node:buffer';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { makeCluster } from '../../../../src-main/practice/machine/cluster';
import type { Caller } from '../../../../src-main/practice/machine/node-model';
import { FileLocks } from '../../../../src-main/practice/shell/file-locks';
import { Processes } from '../../../../src-main/practice/shell/processes';
import type { Machine, RunRequest } from '../../../../src-main/practice/shell/run-context';
import { runShell } from '../../../../src-main/practice/shell/run-shell';

/** An upper bound against a hang. */
vi.setConfig({ testTimeout: 60_000 });

const root: Caller = { user: 'nvidia', uid: 0, root: true };
let machine: Machine;

beforeEach(() => {
  const [node] = makeCluster().nodes;
  machine = { node, processes: new Processes(), locks: new FileLocks() };
});

async function run(script: string, options: Partial<RunRequest> = {}) {
  const result = await runShell(machine, { caller: root, script, cwd: '/tmp', ...options });
  return { code: result.code, out: result.stdout.toString(), err: result.stderr.toString() };
}

const out = async (script: string, options: Partial<RunRequest> = {}) => (await run(script, options)).out;

describe('what the interpreter lacks', () => {
  test('a negated set in a pattern of case', async () => {
    const script = 'for x in 123 12a ""; do case $x in "" | *[!0-9]*) echo no ;; *) echo yes ;; esac; done';
    expect(await out(script)).toBe('yes\nno\nno\n');
  });

  test('umask, which a subshell does not change for others', async () => {
    const script =
      'umask 022; (umask 077; echo a >a); echo b >b; sh -c "umask 077; echo c >c"; echo d >d; stat -c %a a b c d; umask';
    expect(await out(script)).toBe('600\n644\n600\n644\n0022\n');
  });

  test('an EXIT trap sees variables, functions and folder as they are in the end', async () => {
    const script = 'f() { echo "bye $x in $PWD"; }; trap f EXIT; x=1; cd /etc; exit 3';
    expect(await run(script)).toEqual({ code: 3, out: 'bye 1 in /etc\n', err: '' });
  });

  test('an EXIT trap runs when set -e ends the script, and not when it was taken back', async () => {
    expect((await run('set -eu; trap "echo bye" EXIT; false; echo no')).out).toBe('bye\n');
    expect(await out('trap "echo bye" EXIT; trap - EXIT; echo hi')).toBe('hi\n');
    expect(await out('sh -c "trap \'echo inner\' EXIT; echo hi"; echo outer')).toBe('hi\ninner\nouter\n');
  });

  test('an EXIT trap runs when a signal ends the script', async () => {
    const process = machine.processes.start();
    const running = runShell(machine, {
      caller: root,
      script: 'cd /tmp; trap "touch gone" EXIT; touch here; sleep 60',
      process,
    });
    await expect.poll(() => machine.node.fs.exists('/tmp/here')).toBe(true);
    machine.processes.kill(process.pid, 'TERM');
    await running;
    expect(await out('ls')).toBe('gone\nhere\n');
  });

  test('locks on descriptors: one holder, released at its end', async () => {
    const hold = 'exec 9>>lock; flock -w 5 9 || exit 1; echo "$0 in" >>log; sleep 0.05; echo "$0 out" >>log';
    await Promise.all([run(hold), run(hold)]);
    expect(await out('cut -d " " -f 2 log')).toBe('in\nout\nin\nout\n');
    expect(await out('exec 9>>lock; flock 9; sh -c "exec 8>>lock; flock -n 8" || echo held')).toBe('held\n');
    expect(await out('exec 8</etc; flock -n 8 && echo got; exec 8<&-; flock -n /etc true && echo free')).toBe(
      'got\nfree\n',
    );
  });

  test('timeout ends what takes too long', async () => {
    expect((await run('timeout 0.05 sleep 60')).code).toBe(124);
    expect(await run('timeout -k 1 5 sh -c "echo hi; exit 4"')).toEqual({ code: 4, out: 'hi\n', err: '' });
  });

  test('kill asks after processes', async () => {
    const process = machine.processes.start();
    expect(await out(`kill -0 ${process.pid} && echo alive; kill -0 999999 2>/dev/null || echo dead`)).toBe(
      'alive\ndead\n',
    );
    expect(await out('kill -0 $$ && echo me')).toBe('me\n');
  });

  test('options of text tools', async () => {
    const files = 'printf "one\\nTwo\\n" >f; printf "x\\n" >g; ';
    expect(
      await out(`${files} grep -aEiq "two|three" f && echo found; grep -sH -m1 "" -- f g nofile; :`),
    ).toBe('found\nf:one\ng:x\n');
    expect(await out('od -An -v -tx1 | tr -d " \\n"', { stdin: Buffer.from('a\xff', 'latin1') })).toBe(
      '61ff',
    );
    const awk = `awk -F: -v OFS=: -v n=b '{ if ($1 == n) $2 = "x:" } { print }'`;
    expect(await out(`printf 'a:1\\nb:2:3\\n' | ${awk}`)).toBe('a:1\nb:x::3\n');
    expect(await out(`${files} cmp -s f f && echo same; cmp -s f g || echo other`)).toBe('same\nother\n');
  });

  test('input is bytes, output is UTF-8', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const request = {
      caller: root,
      script: 'cat >f; base64 -w 0 <f; echo 한글 >&2; echo 한글',
      stdin: bytes,
    };
    const { stdout, stderr } = await runShell(machine, { ...request, cwd: '/tmp' });
    expect(stdout.toString()).toBe(`${Buffer.from(bytes).toString('base64')}한글\n`);
    expect(stderr.toString()).toBe('한글\n');
  });
});

describe('becoming somebody else', () => {
  const nvidia: Caller = { user: 'nvidia', uid: 1000, root: false };

  test('sudo asks on standard input only when told to', async () => {
    const tried = await run('sudo id -u', { caller: nvidia });
    expect(tried.code).toBe(1);
    expect(tried.err).toContain('a terminal is required');
    const stdin = Buffer.from('practice\nrest');
    expect(await run('sudo -S -p "" sh -c "id -u; cat"', { caller: nvidia, stdin })).toMatchObject({
      code: 0,
      out: '0\nrest',
    });
    expect((await run('sudo -S true', { caller: nvidia, stdin: Buffer.from('wrong\n') })).err).toContain(
      'incorrect password',
    );
  });

  test('sudo asks three times on a terminal, then remembers', async () => {
    const answers = ['wrong', 'practice'];
    const tty = {
      sudoProven: false,
      askSecret: () => Promise.resolve(answers.shift()),
      write: () => Promise.resolve(),
    };
    expect(await out('sudo id -u; sudo -u nvidia id -un', { caller: nvidia, tty })).toBe('0\nnvidia\n');
    expect(answers).toEqual([]);
  });

  test('what the modes forbid is refused to others than root', async () => {
    expect((await run('cat /etc/shadow', { caller: nvidia })).code).not.toBe(0);
    expect((await run('cat /etc/shadow')).code).toBe(0);
    expect(await out('runuser -u nvidia -- env HOME=/home/nvidia id -un')).toBe('nvidia\n');
  });
});
