import { benchSection } from './bench-section';
import { literal, type Cell, type Document } from './document';
import { nodesSection } from './nodes-section';
import type { Report } from './shape';
import type { Speech } from './speech';
import { time, workSection } from './work-section';

/** A report in words, in the order in which somebody who is asked for help reads it. */
export function layout(report: Report, words: Speech): Document {
  const say = (key: string, params = {}) => words.say(`report.doc.${key}`, params);
  const about: Cell[] = [
    say('made', { time: time(report.madeAt), version: report.app.version }),
    ...(report.readAt === null ? [say('not-read')] : [say('read', { time: time(report.readAt) })]),
    ...(report.pair.id === null ? [] : [[`${say('pair')} `, literal(report.pair.id.slice(0, 12))]]),
    report.masked.length === 0
      ? say('masked.none')
      : say('masked', { what: report.masked.map((one) => say(`mask.${one}`)).join(', ') }),
    ...(report.pair.practice ? [say('practice')] : []),
  ];
  return {
    title: say('title'),
    language: words.language,
    blocks: [
      { kind: 'list', items: about },
      ...nodesSection(report, words),
      ...workSection(report, words),
      ...benchSection(report, words),
    ],
  };
}
