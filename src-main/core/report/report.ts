import type { ReportRequest } from '../../contract/report';
import { htmlText } from './html';
import type { ReportInput } from './input';
import { jsonText } from './json';
import { layout } from './layout';
import { makeReport } from './make-report';
import { markdownText } from './markdown';
import type { Speech } from './speech';

/** The pair, its playbooks and its results as one text. JSON is data and the same in every language. */
export function report({ format, mask }: ReportRequest, input: ReportInput, words: Speech): string {
  const made = makeReport(input, { mask });
  switch (format) {
    case 'json':
      return jsonText(made);
    case 'html':
      return htmlText(layout(made, words));
    case 'markdown':
      return markdownText(layout(made, words));
  }
}
