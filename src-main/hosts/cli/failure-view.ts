import type { FailureInfo } from '../../contract/failure';
import type { Paint } from './paint';
import { plain, plainText } from '../../words/plain';
import type { Words } from '../../words/words';

const EVIDENCE_LINES = 20;

/** A failure for people: what, causes with their remedies, remedy, and the node's own words. */
export function failureText(info: FailureInfo, words: Words, paint: Paint): string {
  const { what, remedy } = words.failure(info);
  const where = info.node === undefined ? '' : `${plain(info.node)}: `;
  const lines = [`${paint.red('✗')} ${paint.bold(`${where}${what}`)}`];
  for (const { cause, remedy: help } of info.causes ?? []) {
    lines.push(`  • ${words.message(cause)}`, `    ${paint.cyan('→')} ${words.message(help)}`);
  }
  if (remedy !== '') lines.push(`  ${paint.cyan('→')} ${remedy}`);
  const evidence = evidenceLines(info.evidence);
  if (evidence.length > 0) {
    lines.push(
      paint.dim(`  ${words.say('cli.evidence')}`),
      ...evidence.map((line) => paint.dim(`  │ ${line}`)),
    );
  }
  return lines.join('\n');
}

/** The end of a raw output: what went wrong stands there. */
export function evidenceLines(evidence: string | undefined): string[] {
  if (evidence === undefined) return [];
  return plainText(evidence.trimEnd())
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-EVIDENCE_LINES);
}

/** A failure for programs: its info with the words beside it. */
export function failureData(info: FailureInfo, words: Words): FailureInfo & { what: string; remedy: string } {
  return { ...info, ...words.failure(info) };
}
