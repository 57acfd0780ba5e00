import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import type { ChangeKind, Scope } from '../../src-main/core/change/kind';
import { dropEmptyKeepFolders } from '../../src-main/core/change/scripts';
import type { Command } from '../../src-main/core/ports';
import { sh } from '../../src-main/core/shell/quote';
import type { Lab } from './lab';
import { sides, type Side } from './plan';
import type { RunResult } from './process';

/** Files that account tools rewrite; the backups are left aside by the lab's difference, not by these tests. */
const accountFiles = ['passwd', 'shadow', 'group', 'gshadow', 'subuid', 'subgid'];

/** Lines after which a script can be cut off between two whole commands, its first definitions aside. */
function cuts(script: string): number[] {
  const all = script.split('\n');
  const first = Math.max(1, all.indexOf('}') + 1);
  return all
    .map((_line, index) => index + 1)
    .filter((line) => line >= first)
    .filter((line) => spawnSync('/bin/sh', ['-n', '-c', all.slice(0, line).join('\n')]).status === 0);
}

/** Runs changes on a node as the engine does: reads, commands with their input, reads again. */
export class Bench {
  constructor(
    readonly lab: Lab,
    readonly side: Side = 1,
    readonly scope: Scope = { run: 'lab-run', index: 3, node: lab.node(side).name },
  ) {}

  async read<Spec, State>(kind: ChangeKind<Spec, State>, spec: Spec): Promise<State> {
    const output = await this.lab.sh(this.side, `(\n${kind.read(spec).text}\n) </dev/null`);
    return kind.state.parse(JSON.parse(JSON.stringify(kind.parse(spec, output))));
  }

  /** Runs a command; `killAt` ends it by SIGKILL after that many lines of its script. */
  async run(command: Command, killAt?: number): Promise<RunResult> {
    const { text } = command.script;
    const script =
      killAt === undefined ? text : `${text.split('\n').slice(0, killAt).join('\n')}\nkill -9 $$`;
    const input = await this.input(command);
    return this.lab.exec(this.side, script, {
      ...(input === undefined ? {} : { input }),
      timeoutMs: 120_000,
    });
  }

  async must(commands: readonly Command[]): Promise<void> {
    for (const command of commands) {
      const result = await this.run(command);
      if (result.code !== 0) {
        throw new Error(`exit ${result.code}: ${result.stderr}${result.stdout}\n${command.script.text}`);
      }
    }
  }

  private async input(command: Command): Promise<string | undefined> {
    const { input } = command;
    if (input?.kind === 'text') return input.text;
    if (input?.kind === 'secret') return 'Corr3ct horse$(`"\'';
    if (input?.kind !== 'output') return undefined;
    const from = sides.find((side) => this.lab.node(side).name === input.node);
    return this.lab.sh(from ?? 2, input.command.script.text);
  }

  /** Everything that the node has of its own: the lab's difference and the account files with their backups. */
  async picture(): Promise<string> {
    const difference = await this.lab.diff(this.side);
    const names = accountFiles.flatMap((name) => [name, `${name}-`]).join(' ');
    const accounts = await this.lab.sh(
      this.side,
      `cd /etc; for file in ${names} .pwd.lock; do [ -e $file ] || continue; stat -c '%a %u %g %n' $file; sha256sum $file; done`,
    );
    return `${difference.text}\n${accounts}`;
  }

  async apply<Spec, State>(
    kind: ChangeKind<Spec, State>,
    spec: Spec,
  ): Promise<{ prior: State; after: State }> {
    const prior = await this.read(kind, spec);
    expect(kind.satisfied(spec, prior)).toBe(false);
    await this.must(kind.forward(spec, prior, this.scope).commands);
    const after = await this.read(kind, spec);
    expect(kind.achieved(spec, prior, after), kind.text(after)).toBe(true);
    return { prior, after };
  }

  /** Judges and takes back, as the engine does. */
  async undo<Spec, State>(
    kind: ChangeKind<Spec, State>,
    spec: Spec,
    prior: State,
    after: State | undefined,
  ): Promise<'prior' | 'ours' | 'foreign'> {
    const now = await this.read(kind, spec);
    const verdict = kind.judge(spec, prior, after, now);
    if (verdict === 'ours') {
      await this.must(kind.backward(spec, prior, now, this.scope).commands);
      const restored = await this.read(kind, spec);
      expect(kind.undone(spec, prior, restored), kind.text(restored)).toBe(true);
      expect(kind.judge(spec, prior, after, restored)).not.toBe('foreign');
    }
    return verdict;
  }

  /** There and back again, whole: nothing is left, whether or not the read-back was journaled. */
  async roundTrip<Spec, State>(kind: ChangeKind<Spec, State>, spec: Spec): Promise<void> {
    const before = await this.picture();
    for (const journaled of [true, false]) {
      const { prior, after } = await this.apply(kind, spec);
      expect(await this.undo(kind, spec, prior, journaled ? after : undefined)).toBe('ours');
      expect(await this.picture()).toBe(before);
    }
  }

  /** Cuts the change off after every command of its scripts; each time the way back ends at the very beginning. */
  async cutOffEverywhere<Spec, State>(kind: ChangeKind<Spec, State>, spec: Spec): Promise<number> {
    const before = await this.picture();
    const prior = await this.read(kind, spec);
    let begun = 0;
    const commands = kind.forward(spec, prior, this.scope).commands;
    for (const [position, command] of commands.entries()) {
      for (const line of cuts(command.script.text)) {
        await this.must(commands.slice(0, position));
        await this.run(command, line);
        const verdict = await this.undo(kind, spec, prior, undefined);
        expect(verdict, `cut off after line ${line} of:\n${command.script.text}`).not.toBe('foreign');
        begun += verdict === 'ours' ? 1 : 0;
      }
    }
    expect(await this.picture()).toBe(before);
    return begun;
  }

  /** Cuts the way back off after every command, then takes it to its end. */
  async cutOffBack<Spec, State>(kind: ChangeKind<Spec, State>, spec: Spec): Promise<void> {
    const before = await this.picture();
    let lines = [0];
    let turn = 0;
    while (turn < lines.length) {
      const { prior, after } = await this.apply(kind, spec);
      const now = await this.read(kind, spec);
      const [command] = kind.backward(spec, prior, now, this.scope).commands;
      if (!command) return;
      lines = cuts(command.script.text);
      await this.run(command, lines[turn]);
      turn += 1;
      const verdict = await this.undo(kind, spec, prior, after);
      expect(verdict, `undo cut off after line ${lines[turn - 1]} of:\n${command.script.text}`).not.toBe(
        'foreign',
      );
    }
    expect(await this.picture()).toBe(before);
  }

  /** Kills the first command and the way back after some milliseconds, wherever they then are. */
  async killInTime<Spec, State>(kind: ChangeKind<Spec, State>, spec: Spec, delays: number[]): Promise<void> {
    const before = await this.picture();
    const killed = (command: Command, ms: number): Command => ({
      ...command,
      script: sh`timeout -s KILL ${ms / 1000} /bin/sh -c ${command.script.text}`,
    });
    for (const delay of delays) {
      const prior = await this.read(kind, spec);
      const [first] = kind.forward(spec, prior, this.scope).commands;
      if (first) await this.run(killed(first, delay));
      const now = await this.read(kind, spec);
      const verdict = kind.judge(spec, prior, undefined, now);
      expect(verdict, `killed after ${delay} ms: ${kind.text(now)}`).not.toBe('foreign');
      if (verdict === 'ours') {
        const [back] = kind.backward(spec, prior, now, this.scope).commands;
        if (back) await this.run(killed(back, delay));
      }
      expect(await this.undo(kind, spec, prior, undefined)).not.toBe('foreign');
      // The engine does so when it gives the node back.
      await this.lab.sh(this.side, dropEmptyKeepFolders.text);
      expect(await this.picture()).toBe(before);
    }
  }
}
