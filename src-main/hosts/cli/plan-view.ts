import type { Message } from '../../contract/message';
import { foldHelpers } from '../../contract/helpers-mark';
import type { Blocker, Plan, PlannedChange, PlannedCommand, PlannedStage } from '../../contract/plan';
import type { Paint } from './paint';
import { plain, plainText } from '../../words/plain';
import type { Words } from '../../words/words';

/**
 * A plan: every difference and what cannot be undone, and, unless `commands` is false, every command with what it reads.
 */
export function planText(plan: Plan, words: Words, paint: Paint, commands = true): string {
  const view = new PlanView(plan, words, paint, commands);
  const stages = plan.stages.flatMap((stage, index) => view.stage(stage, index));
  return [...view.head(), ...stages, ...view.helpers()].join('\n');
}

class PlanView {
  /** Shared parts of the commands in the order in which they were met; each is shown once, at the end. */
  readonly #helpers: string[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly words: Words,
    private readonly paint: Paint,
    private readonly commands: boolean,
  ) {}

  head(): string[] {
    const { plan, words, paint } = this;
    const inputs = Object.entries(plan.inputs).map(([key, value]) => plain(`${key}=${value}`));
    return [
      paint.bold(words.say('cli.plan.title', { playbook: plan.playbook, run: plan.run })),
      ...plan.nodes.map(
        ({ name, user, host, port, hostKey }) =>
          `  ${paint.bold(plain(name))}  ${plain(`${user}@${host}:${port}`)}  ${paint.dim(hostKey)}`,
      ),
      paint.dim(`  ${words.say('cli.plan.hash', { hash: plan.hash })}`),
      ...(inputs.length === 0
        ? []
        : [paint.dim(`  ${words.say('cli.plan.inputs', { inputs: inputs.join('  ') })}`)]),
    ];
  }

  stage(stage: PlannedStage, index: number): string[] {
    const { words, paint } = this;
    const sign = {
      satisfied: paint.green('✓'),
      needed: paint.cyan('●'),
      blocked: paint.red('✗'),
      waiting: paint.dim('…'),
    }[stage.status];
    const state = words.say(`cli.plan.${stage.status}`, { count: stage.changes.length });
    const title = `${index + 1}  ${words.stage(this.plan.playbook, stage.id)}`;
    return [
      '',
      `${sign} ${paint.bold(title)}  ${paint.dim(state)}`,
      ...stage.notes.map((note) => `    ${words.message(note)}`),
      ...stage.blockers.flatMap((blocker) => this.blocker(blocker)),
      ...this.#nodes(stage).flatMap((node) => this.#node(stage, node)),
    ];
  }

  helpers(): string[] {
    const { words, paint } = this;
    return this.#helpers.flatMap((helper, index) => [
      '',
      paint.dim(words.say('cli.plan.helper', { number: index + 1 })),
      ...textLines(helper).map((line) => paint.dim(`  ${line}`)),
    ]);
  }

  #script(script: string): string[] {
    return foldHelpers(script.replace(/\n$/, '')).flatMap((line) => {
      if ('text' in line) return textLines(line.text);
      if (!this.#helpers.includes(line.helpers)) this.#helpers.push(line.helpers);
      const number = this.#helpers.indexOf(line.helpers) + 1;
      return [this.paint.dim(this.words.say('cli.plan.helper-here', { number }))];
    });
  }

  blocker(blocker: Blocker): string[] {
    return blockerLines(blocker, this.words, this.paint).map((line) => `    ${line}`);
  }

  #nodes(stage: PlannedStage): string[] {
    return [...new Set(stage.changes.map(({ node }) => node))];
  }

  #node(stage: PlannedStage, node: string): string[] {
    const own = stage.changes.filter((change) => change.node === node);
    return [`    ${this.paint.bold(plain(node))}`, ...own.flatMap((change) => this.#change(change))];
  }

  #change(change: PlannedChange): string[] {
    const { words, paint } = this;
    const warn = (message: Message) =>
      paint.yellow(words.say('cli.plan.irreversible', { what: words.message(message) }));
    const shown = change.previews.flatMap(({ after }) => (after === null ? [] : [after]));
    const lines = [
      `${paint.cyan('+')} ${words.message(change.summary)}  ${paint.dim(plain(change.id))}`,
      ...(change.guardSeconds === undefined
        ? []
        : [`  ${paint.yellow(words.say('cli.plan.guarded', { seconds: change.guardSeconds }))}`]),
      ...(change.irreversible ? [`  ${warn(change.irreversible)}`] : []),
      ...change.previews.flatMap(({ diff, mode }) => [
        ...(mode === undefined ? [] : [paint.dim(`  ${words.say('cli.plan.mode', { mode })}`)]),
        ...diffLines(diff, paint).map((line) => `  ${line}`),
      ]),
      ...(this.commands
        ? change.commands.flatMap((command) => this.#command(command, shown)).map((line) => `  ${line}`)
        : []),
    ];
    return lines.map((line) => `      ${line}`.trimEnd());
  }

  /** @param shown text that the difference above has already shown */
  #command({ script, root, phase, stdin }: PlannedCommand, shown: readonly string[]): string[] {
    const { words, paint } = this;
    const who = words.say(root ? 'cli.plan.as-root' : 'cli.plan.as-user');
    const part = phase === 'act' ? '' : `, ${words.say(`cli.plan.phase.${phase}`)}`;
    const reads = (what: string, lines: readonly string[]) => [
      paint.dim(what),
      ...lines.map((line) => `${paint.dim('<')} ${line}`),
    ];
    const input = () => {
      switch (stdin?.kind) {
        case undefined:
          return [];
        case 'text':
          if (shown.some((text) => text.includes(stdin.text)))
            return [paint.dim(words.say('cli.plan.stdin.shown'))];
          return reads(words.say('cli.plan.stdin.text'), textLines(stdin.text));
        case 'secret':
          return [paint.dim(words.say('cli.plan.stdin.secret', { name: stdin.name }))];
        case 'output':
          return reads(words.say('cli.plan.stdin.output', { node: stdin.node }), textLines(stdin.script));
      }
    };
    return [
      paint.dim(`${who}${part}:`),
      ...this.#script(script).map((line) => `${paint.dim(root ? '#' : '$')} ${line}`),
      ...input(),
    ];
  }
}

/** What stands in the way, what helps, and the `--set` that decides it. */
export function blockerLines(blocker: Blocker, words: Words, paint: Paint): string[] {
  const where = blocker.node === undefined ? '' : `${plain(blocker.node)}: `;
  return [
    `${paint.red('✗')} ${where}${words.message(blocker.cause)}`,
    `  ${paint.cyan('→')} ${words.message(blocker.remedy)}`,
    ...decisions(blocker).map((setting) => `    ${paint.bold(setting)}`),
  ];
}

/** The arguments that decide a blocker. */
export function decisions({ decide }: Blocker): string[] {
  if (!decide) return [];
  if (decide.values.length === 0) return [`--set ${decide.input}=…`];
  return decide.values.map((value) => `--set ${plain(decide.input)}=${plain(value)}`);
}

function textLines(text: string): string[] {
  return plainText(text.replace(/\n$/, '')).split('\n');
}

export function diffLines(diff: string, paint: Paint): string[] {
  return textLines(diff).map((line) => {
    if (/^(---|\+\+\+) /.test(line)) return paint.bold(line);
    if (line.startsWith('@@')) return paint.cyan(line);
    if (line.startsWith('+')) return paint.green(line);
    if (line.startsWith('-')) return paint.red(line);
    return line;
  });
}
