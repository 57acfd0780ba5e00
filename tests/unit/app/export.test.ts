import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { message } from '../../../src-main/contract/message';
import type { Plan, PlannedChange, PlannedCommand } from '../../../src-main/contract/plan';
import { bashScript } from '../../../src-main/app/export-bash';
import { Words } from '../../../src-main/words/words';
import { planOf, stage } from '../hosts/cli/fakes';

const words = new Words('en', {}, {});
const hasBash = spawnSync('bash', ['--version']).status === 0;

let counter = 0;
/** Delimiters that can be told beforehand; the first one clashes with a line of a text below. */
const random = () => (counter++).toString(16).padStart(4, '0');

function change(
  id: string,
  node: string,
  commands: Omit<PlannedCommand, 'node'>[],
  patch: Partial<PlannedChange> = {},
) {
  return {
    id,
    node,
    kind: 'file',
    spec: {},
    summary: message('demo.change', { node }),
    step: 0,
    index: 0,
    prior: {},
    commands: commands.map((command) => ({ node, ...command })),
    previews: [],
    ...patch,
  };
}

/** Texts that a quoting mistake would damage. */
const nasty = `printf '%s|' "it's" '\\' '\\\\' '$HOME' "\`id\`" '!' ; cat\n`;

function demo(folder: string): Plan {
  const say = (what: string) => `printf '%s\\n' ${what} >>${folder}/log`;
  const guarded = (node: string): PlannedChange =>
    change(
      `network/${node}/netplan`,
      node,
      [
        { script: say(`arm-${node}`), root: true, phase: 'arm' },
        { script: say(`trial-${node}`), root: true, phase: 'trial' },
        { script: say(`keep-${node}`), root: true, phase: 'keep' },
      ],
      { guardSeconds: 60, step: 1 },
    );
  return planOf([
    stage({ id: 'nothing', status: 'satisfied', changes: [] }),
    stage({
      changes: [
        change('a', 'n1', [
          {
            script: `cat >${folder}/text`,
            root: true,
            phase: 'act',
            stdin: { kind: 'text', text: 'one\n\n  $two `x`\nTWINSPARK_0000\n' },
          },
          {
            script: `cat >${folder}/bare`,
            root: false,
            phase: 'act',
            stdin: { kind: 'text', text: "no line's end" },
          },
          {
            script: `{ ${nasty.trimEnd()}; } >${folder}/nasty`,
            root: true,
            phase: 'act',
            stdin: { kind: 'text', text: '\n' },
          },
        ]),
        change('b', 'n2', [
          {
            script: `cat >${folder}/secret`,
            root: true,
            phase: 'act',
            stdin: { kind: 'secret', name: 'new-user-password x' },
          },
          {
            script: `cat >${folder}/passed`,
            root: true,
            phase: 'act',
            stdin: { kind: 'output', node: 'n1', script: "printf 'from n1\\n\\n'", root: true },
          },
        ]),
        guarded('n1'),
        guarded('n2'),
      ],
    }),
  ]);
}

beforeEach(() => (counter = 0));

describe('export --format bash', () => {
  it('has the very texts of the plan, in here-documents whose ends occur in none of them', () => {
    const plan = demo('/x');
    const lines = bashScript(plan, words, random).split('\n');
    const documents = new Map<string, number>();
    lines.forEach((line, at) => {
      const delimiter = /<<'(TWINSPARK_[0-9a-f]+)'/.exec(line)?.[1];
      if (delimiter === undefined) return;
      const end = lines.indexOf(delimiter, at + 1);
      const text = lines.slice(at + 1, end).join('\n');
      documents.set(text, (documents.get(text) ?? 0) + 1);
    });
    for (const { script, stdin } of plan.stages.flatMap(({ changes }) =>
      changes.flatMap(({ commands }) => commands),
    )) {
      expect([...documents.keys()]).toContain(script.trimEnd());
      if (stdin?.kind === 'output') expect([...documents.keys()]).toContain(stdin.script);
    }
  });

  it('keeps to what it was', async () => {
    await expect(bashScript(demo('/x'), words, random)).toMatchFileSnapshot('./golden/export.sh');
  });

  it('puts nothing of the plan outside quotes or comments', () => {
    const plan = demo('/x');
    const evil = "$(touch /x/owned)'\n\u001b[2J";
    const nodes = plan.nodes.map((node) => ({
      ...node,
      name: evil,
      user: evil.replace(/[^ -~]/g, ''),
    })) as unknown as Plan['nodes'];
    const script = bashScript({ ...plan, nodes, playbook: 'demo', stages: [] }, words, random);
    expect(script).not.toContain('\u001b');
    for (const line of script.split('\n').filter((text) => text.includes('touch'))) {
      expect(line).toMatch(/^\s*#|'[^']*\$\(touch/);
    }
  });

  it('leaves the state of the shell strict', () => {
    expect(bashScript(demo('/x'), words, random)).toMatch(
      /^#!\/usr\/bin\/env bash\n(#.*\n)+set -euo pipefail\n/,
    );
  });
});

describe.skipIf(!hasBash || process.platform === 'win32')('the exported script', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'twinspark-export-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the script with an ssh and a sudo that work on this computer; `root` fails where `sudo` is left out. */
  function execute(sudo: 'free' | 'self', options: { unreachable?: boolean } = {}) {
    const bin = (name: string, text: string) => {
      writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`);
      chmodSync(path.join(folder, name), 0o755);
    };
    bin(
      'ssh',
      `for last; do :; done
case " $* " in *' -O exit '*) exit 0 ;; esac
if [ "$last" = true ]; then echo proof >>${folder}/log; ${options.unreachable === true ? 'exit 255' : 'exit 0'}; fi
exec sh -c "$last"`,
    );
    bin(
      'sudo',
      'while [ "$#" -gt 0 ]; do case $1 in --) shift; break ;; -*) shift ;; *) break ;; esac; done; exec "$@"',
    );
    bin('id', sudo === 'self' ? 'echo 0' : 'echo 1000');
    const plan = demo(folder);
    const withoutSecret = {
      ...plan,
      stages: plan.stages.map((one) => ({
        ...one,
        changes: one.changes.map((entry) => ({
          ...entry,
          commands: entry.commands.filter(({ stdin }) => stdin?.kind !== 'secret'),
        })),
      })),
    };
    const script = path.join(folder, 'script.sh');
    writeFileSync(script, bashScript(withoutSecret, words, random));
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    return spawnSync('bash', [script], { env, encoding: 'utf8', timeout: 30_000 });
  }
  const text = (name: string) => readFileSync(path.join(folder, name), 'utf8');

  it('is read by bash without complaint', () => {
    const script = path.join(folder, 'script.sh');
    writeFileSync(script, bashScript(demo('/x'), words, random));
    expect(spawnSync('bash', ['-n', script], { encoding: 'utf8' }).stderr).toBe('');
  });

  it.each(['free', 'self'] as const)('does on the nodes what the plan says (%s)', (sudo) => {
    const { status, stderr } = execute(sudo);
    expect(status, stderr).toBe(0);
    expect(text('text')).toBe('one\n\n  $two `x`\nTWINSPARK_0000\n');
    expect(text('bare')).toBe("no line's end");
    expect(text('nasty')).toMatch(/^it's\|\\\|\\\\\|\$HOME\|(0|1000)\|!\|\n$/);
    expect(text('passed')).toBe('from n1\n\n');
  });

  it('tries on both nodes, proves the way to both, and only then keeps', () => {
    execute('free');
    expect(text('log').trim().split('\n')).toEqual([
      'arm-n1',
      'trial-n1',
      'arm-n2',
      'trial-n2',
      'proof',
      'proof',
      'keep-n1',
      'keep-n2',
    ]);
  });

  it('keeps nothing when a node cannot be reached after its trial', () => {
    const { status, stderr } = execute('free', { unreachable: true });
    expect(status).not.toBe(0);
    expect(stderr).toContain('takes the trial back by itself');
    expect(text('log')).not.toContain('keep');
    expect(existsSync(path.join(folder, 'log'))).toBe(true);
  });
});
