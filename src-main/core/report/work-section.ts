import { literal, type Block, type Cell } from './document';
import type { Report } from './shape';
import type { Speech } from './speech';

type Run = Report['runs'][number];

/** The playbooks' runs on this pair, and what of them is in place. */
export function workSection({ runs }: Report, words: Speech): Block[] {
  const say = (key: string, params = {}) => words.say(`report.doc.${key}`, params);
  const title: Block = { kind: 'heading', level: 2, text: say('playbooks') };
  if (runs.length === 0) return [title, { kind: 'text', text: say('playbooks.none') }];
  return [
    title,
    {
      kind: 'table',
      caption: say('playbooks'),
      head: ['playbook', 'run', 'started', 'outcome', 'in-place', 'stages'].map((key) =>
        say(`column.${key}`),
      ),
      rows: runs.map((run): Cell[] => [
        literal(run.playbook),
        literal(run.run),
        time(run.startedAt),
        words.say(`cli.status.${run.status}`),
        say('of', { part: live(run).length, whole: run.changes.length }),
        run.stages
          .map(({ id, status }) => `${words.stage(run.playbook, id)}: ${words.say(`cli.stage.${status}`)}`)
          .join('; '),
      ]),
    },
    ...runs.flatMap((run): Block[] => [
      ...failureBlocks(run, words),
      ...(live(run).length === 0
        ? []
        : [
            {
              kind: 'code' as const,
              title: [say('in-place-of'), ' ', literal(run.run)],
              text: live(run)
                .map(({ node, summary, status }) => {
                  const state = status === 'applied' ? '' : ` (${words.say(`cli.change.${status}`)})`;
                  return `${node}: ${words.message(summary)}${state}`;
                })
                .join('\n'),
              folded: true,
            },
          ]),
    ]),
  ];
}

/** What went wrong, its causes, and what the node said. */
export function failureBlocks(
  { failure }: { failure?: Run['failure'] | null | undefined },
  words: Speech,
): Block[] {
  if (failure === undefined || failure === null) return [];
  const { what, remedy } = words.failure(failure);
  const causes = failure.causes ?? [];
  return [
    {
      kind: 'list',
      items: [
        [...(failure.node === undefined ? [] : [literal(failure.node), ': ']), what],
        ...(causes.length === 0
          ? [remedy]
          : causes.map(({ cause, remedy: cure }) => `${words.message(cause)} → ${words.message(cure)}`)),
      ],
    },
    ...(failure.evidence === undefined
      ? []
      : [
          {
            kind: 'code' as const,
            title: words.say('report.doc.evidence'),
            text: failure.evidence.slice(-3000),
            folded: true,
          },
        ]),
  ];
}

/** UTC, to the minute. */
export function time(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function live({ changes }: Run) {
  return changes.filter(({ status }) => status !== 'undone');
}
