import { randomBytes } from 'node:crypto';
import type { Plan, PlannedChange, PlannedCommand, PlannedStage } from '../contract/plan';
import { quote } from '../core/shell/quote';
import { bashHelpers, nodeFunctions } from './export-helpers';
import { plain } from '../words/plain';
import type { Words } from '../words/words';

/**
 * A plan as a bash script: the same commands, run by plain ssh and sudo from this computer. Works with bash 3.2 (macOS).
 * @param random gives hexadecimal digits for the delimiters of here-documents
 */
export function bashScript(plan: Plan, words: Words, random = () => randomBytes(8).toString('hex')): string {
  return new BashScript(plan, words, random).text();
}

class BashScript {
  readonly #position = new Map<string, number>();

  constructor(
    private readonly plan: Plan,
    private readonly words: Words,
    private readonly random: () => string,
  ) {
    plan.nodes.forEach(({ name }, index) => this.#position.set(name, index + 1));
  }

  text(): string {
    const { plan } = this;
    return `${[
      '#!/usr/bin/env bash',
      `# ${plan.playbook}: plan ${plan.hash}`,
      '# Made for the state that these nodes were in when it was planned; plan anew when they have changed since:',
      ...plan.nodes.map(({ name, user, host, port, hostKey }) =>
        comment(`  ${name} = ${user}@${host}:${port}, host key ${hostKey}`),
      ),
      '# Host keys are checked by your own ssh. This script keeps no journal: `twinspark rollback` does not know of it.',
      'set -euo pipefail',
      '',
      ...bashHelpers,
      '',
      ...nodeFunctions(plan.nodes),
      '',
      ...this.#secrets(),
      ...plan.stages.flatMap((stage) => this.#stage(stage)),
      `say ${quote('done')}`,
    ].join('\n')}\n`;
  }

  /** Asks for all that will be needed before anything is changed. */
  #secrets(): string[] {
    const commands = this.plan.stages.flatMap(({ changes }) => changes.flatMap((change) => change.commands));
    if (commands.length === 0) return [];
    const names = new Set(commands.flatMap(({ stdin }) => (stdin?.kind === 'secret' ? [stdin.name] : [])));
    return [
      ...this.plan.nodes.map((_, index) => `prepare${index + 1}`),
      ...[...names].map((name, index) => `ask_twice secret${index + 1} ${quote(plain(name))}`),
      '',
    ];
  }

  #secretVariable(name: string): string {
    const names = this.plan.stages.flatMap(({ changes }) =>
      changes.flatMap(({ commands }) =>
        commands.flatMap(({ stdin }) => (stdin?.kind === 'secret' ? [stdin.name] : [])),
      ),
    );
    return `secret${[...new Set(names)].indexOf(name) + 1}`;
  }

  #stage(stage: PlannedStage): string[] {
    const title = this.words.stage(this.plan.playbook, stage.id);
    const notes = stage.notes.map((note) => comment(`  ${this.words.message(note)}`));
    if (stage.changes.length === 0) return [comment(`== ${title}: nothing to do`), ...notes, ''];
    const steps = [...new Set(stage.changes.map(({ step }) => step))].sort((a, b) => a - b);
    return [
      comment(`== ${title}`),
      ...notes,
      `say ${quote(plain(title))}`,
      '',
      ...steps.flatMap((step) => this.#step(stage.changes.filter((change) => change.step === step))),
    ];
  }

  /** As the engine does it: all trials of a step, then the proof that both nodes can be reached, then all are kept. */
  #step(changes: readonly PlannedChange[]): string[] {
    const guarded = changes.filter((change) => change.guardSeconds !== undefined);
    return [
      ...changes.flatMap((change) => [
        comment(`-- ${change.id}`),
        `say ${quote(plain(`${change.node}: ${this.words.message(change.summary)}`))}`,
        ...(change.irreversible ? [comment(`   ! ${this.words.message(change.irreversible)}`)] : []),
        ...(change.guardSeconds === undefined
          ? []
          : [
              comment(
                `   the node takes this back by itself after ${change.guardSeconds} s unless it is kept below`,
              ),
            ]),
        ...this.#commands(change, ['act', 'arm', 'trial']),
      ]),
      ...(guarded.length === 0
        ? []
        : [
            '# -- the way to both nodes still works: a new connection to each',
            ...this.plan.nodes.map((_, index) => `prove${index + 1}`),
            '',
            ...guarded.flatMap((change) => [
              comment(`-- ${change.id}: keep`),
              ...this.#commands(change, ['keep']),
            ]),
          ]),
    ];
  }

  #commands(change: PlannedChange, phases: readonly PlannedCommand['phase'][]): string[] {
    return change.commands
      .filter(({ phase }) => phases.includes(phase))
      .flatMap((command) => [...this.#command(command), '']);
  }

  #command({ node, script, root, stdin }: PlannedCommand): string[] {
    const call = `${this.#function(node)} ${root ? 'root' : 'user'} "$script"`;
    const load = this.#heredoc("IFS= read -r -d '' script", script, ' || :');
    switch (stdin?.kind) {
      case undefined:
        return [...load, `${call} </dev/null`];
      case 'text':
        // A here-document always ends with a line break: other texts go through printf.
        if (/[^\n]\n$/.test(stdin.text)) return [...load, ...this.#heredoc(call, stdin.text, '')];
        return [...load, `printf %s ${quote(stdin.text)} | ${call}`];
      case 'secret':
        return [...load, `printf %s "$${this.#secretVariable(stdin.name)}" | ${call}`];
      case 'output': {
        const from = `${this.#function(stdin.node)} ${stdin.root ? 'root' : 'user'} "$source"`;
        return [
          ...this.#heredoc("IFS= read -r -d '' source", stdin.script, ' || :'),
          ...load,
          // Passed on only when it has come whole; the dot keeps its last line breaks.
          `output=$(${from} </dev/null && printf .)`,
          `printf %s "\${output%.}" | ${call}`,
          'output=',
        ];
      }
    }
  }

  #heredoc(before: string, text: string, after: string): string[] {
    let delimiter: string;
    do delimiter = `TWINSPARK_${this.random()}`;
    while (text.split('\n').includes(delimiter));
    return [`${before} <<'${delimiter}'${after}`, text.replace(/\n$/, ''), delimiter];
  }

  #function(node: string): string {
    return `on_node${this.#position.get(node) ?? 0}`;
  }
}

function comment(text: string): string {
  return `# ${plain(text)}`;
}
