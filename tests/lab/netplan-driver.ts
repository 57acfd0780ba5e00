import { expect } from 'vitest';
import { sameValue } from '../../src-main/core/canonical';
import type { ChangeKind, Procedure, Verdict } from '../../src-main/core/change/kind';
import type { Command } from '../../src-main/core/ports';
import type { Lab } from './lab';
import type { Side } from './plan';
import type { RunResult } from './process';

/** What took how long, ms. */
export type Timings = Record<string, number>;

/** Drives one change on one node as the engine does, a command at a time. */
export class Driver<Spec, State> {
  readonly timings: Timings = {};

  constructor(
    private readonly lab: Lab,
    private readonly side: Side,
    private readonly kind: ChangeKind<Spec, State>,
    readonly spec: Spec,
    readonly scope = { run: 'lab-run', index: 3, node: 'spark-5c2d' },
  ) {}

  async read(): Promise<State> {
    const output = await this.lab.sh(this.side, `(\n${this.kind.read(this.spec).text}\n) </dev/null`);
    return this.kind.state.parse(this.kind.parse(this.spec, output));
  }

  async run(name: string, command: Command): Promise<RunResult> {
    expect(command.root).toBe(true);
    const started = performance.now();
    const result = await this.lab.exec(this.side, command.script.text, { timeoutMs: 90_000 });
    this.timings[name] = Math.round(performance.now() - started);
    return result;
  }

  async must(name: string, command: Command): Promise<void> {
    const result = await this.run(name, command);
    if (result.code !== 0)
      throw new Error(`${name}: ${result.code ?? 'signal'}\n${result.stderr}${result.stdout}`);
  }

  async all(prefix: string, procedure: Procedure): Promise<void> {
    for (const [name, command] of named(prefix, procedure)) await this.must(name, command);
  }

  forward(prior: State): Procedure {
    return this.kind.forward(this.spec, prior, this.scope);
  }

  async judge(prior: State, after?: State): Promise<Verdict> {
    return this.kind.judge(this.spec, prior, after, await this.read());
  }

  /** Takes the change back as the engine does, and expects the prior state. */
  async undo(prior: State, after?: State): Promise<void> {
    const now = await this.read();
    const verdict = this.kind.judge(this.spec, prior, after, now);
    if (verdict === 'foreign') throw new Error(`foreign:\n${this.kind.text(now)}`);
    if (verdict === 'ours') await this.all('undo', this.kind.backward(this.spec, prior, now, this.scope));
    const restored = await this.read();
    if (!this.kind.undone(this.spec, prior, restored)) {
      expect(this.kind.text(restored)).toBe(this.kind.text(prior));
      expect(restored).toEqual(prior);
    }
  }

  same(a: State, b: State): boolean {
    return sameValue(a, b);
  }

  /** Runs a script and kills its shell after some seconds; what it had started goes on, as after a lost connection. */
  async shellLost(command: Command, seconds: number): Promise<void> {
    const script = `timeout --foreground -s KILL ${seconds} /bin/sh -c "$(cat)" >/dev/null 2>&1 || :`;
    await this.lab.exec(this.side, script, { input: command.script.text });
  }

  /** Runs a script and kills its shell before its command number `at` (0 counts them). Whether it got that far. */
  async killed(command: Command, at: number): Promise<boolean> {
    const trap = `n=0; step() { n=$((n + 1)); [ "$n" -ne ${at} ] || kill -9 $$; }; trap step DEBUG`;
    const script = `exec bash --posix -c "$(cat)"`;
    const result = await this.lab.exec(this.side, script, {
      input: `${trap}\n${command.script.text}`,
      timeoutMs: 90_000,
    });
    return result.code === null || result.code === 137;
  }
}

/** Commands of a procedure with a name for each, in the engine's order. */
export function named(prefix: string, { commands, guard }: Procedure): [string, Command][] {
  return [
    ...commands.map((command, index): [string, Command] => [`${prefix} command ${index}`, command]),
    ...(guard
      ? [
          [`${prefix} arm`, guard.arm] as [string, Command],
          ...guard.trial.map((command): [string, Command] => [`${prefix} trial`, command]),
          ...guard.keep.map((command): [string, Command] => [`${prefix} keep`, command]),
        ]
      : []),
  ];
}
