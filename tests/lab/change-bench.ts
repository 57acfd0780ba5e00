import { expect } from 'vitest';
import type { ChangeKind, Scope } from '../../src-main/core/change/kind';
import type { Command } from '../../src-main/core/ports';
import type { Lab } from './lab';
import { sides, type Side } from './plan';
import type { RunResult } from './process';

/** Files that account tools rewrite; the backups are left aside by the lab's difference, not by these tests. */
const accountFiles = ['passwd', 'shadow', 'group', 'gshadow', 'subuid', 'subgid'];

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

  /** Cuts the change off after every line of its scripts; each time the way back ends at the very beginning. */
  async cutOffEverywhere<Spec, State>(kind: ChangeKind<Spec, State>, spec: Spec): Promise<number> {
    const before = await this.picture();
    const prior = await this.read(kind, spec);
    let cuts = 0;
    const commands = kind.forward(spec, prior, this.scope).commands;
    for (const [position, command] of commands.entries()) {
      const count = command.script.text.split('\n').length;
      for (let line = 1; line <= count; line += 1) {
        await this.must(commands.slice(0, position));
        await this.run(command, line);
        const verdict = await this.undo(kind, spec, prior, undefined);
        expect(verdict, `cut off after line ${line} of:\n${command.script.text}`).not.toBe('foreign');
        cuts += verdict === 'ours' ? 1 : 0;
      }
    }
    expect(await this.picture()).toBe(before);
    return cuts;
  }

  /** Cuts the way back off after every line, then takes it to its end. */
  async cutOffBack<Spec, State>(kind: ChangeKind<Spec, State>, spec: Spec): Promise<void> {
    const before = await this.picture();
    let lines = 1;
    for (let line = 1; line <= lines; line += 1) {
      const { prior, after } = await this.apply(kind, spec);
      const now = await this.read(kind, spec);
      const [command] = kind.backward(spec, prior, now, this.scope).commands;
      if (!command) return;
      lines = command.script.text.split('\n').length;
      await this.run(command, line);
      const verdict = await this.undo(kind, spec, prior, after);
      expect(verdict, `undo cut off after line ${line} of:\n${command.script.text}`).not.toBe('foreign');
    }
    expect(await this.picture()).toBe(before);
  }
}
