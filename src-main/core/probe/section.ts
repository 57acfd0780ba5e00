import type { Fact, UnknownReason } from '../../contract/facts';
import type { Script } from '../shell/quote';
import { asFact, printable, unknown, type Parsed } from './parsed';

/** Sections of one lane run one after the other; lanes run side by side. */
export const lanes = ['system', 'accounts', 'network', 'ports', 'files', 'gpu', 'firewall', 'peers'] as const;
export type Lane = (typeof lanes)[number];

/** One command of the probe: a POSIX sh text with its own time limit and output limit. */
export interface Section {
  /** Letters, digits and dashes; unique in a probe. */
  readonly name: string;
  readonly lane: Lane;
  readonly script: Script;
  /** What a person is told as the source of the fact. */
  readonly source: string;
  readonly seconds: number;
  readonly maxBytes: number;
}

/** Exit status of a section's script that says: this needs root. (sysexits EX_NOPERM) */
export const EXIT_NOT_PERMITTED = 77;
/** The shell's own status for a command that is not there; sections use it for a file that is not there, too. */
export const EXIT_MISSING = 127;

export function section(
  name: string,
  lane: Lane,
  source: string,
  script: Script,
  limits: { seconds?: number; maxBytes?: number } = {},
): Section {
  return {
    name,
    lane,
    source,
    script,
    seconds: limits.seconds ?? 5,
    maxBytes: limits.maxBytes ?? 1024 * 1024,
  };
}

/** What came back of one section. */
export type SectionResult =
  | { readonly answered: true; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly answered: false; readonly reason: UnknownReason; readonly detail: string };

/** Results by section name. */
export type SectionResults = ReadonlyMap<string, SectionResult>;

/**
 * The section's output through its parser. A non-zero exit is no answer unless `lenient`: then what was printed
 * before the failure counts (`df` beside one dead mount).
 */
export function readSection<T>(
  results: SectionResults,
  from: Section,
  parse: (text: string) => Parsed<T>,
  options: { lenient?: boolean } = {},
): Fact<T> {
  const result = results.get(from.name);
  if (result === undefined) return asFact(unknown('command-failed', 'no answer'), from.source);
  if (!result.answered) return asFact(unknown(result.reason, result.detail), from.source);
  const said = printable(result.stderr, 200);
  if (result.code === EXIT_MISSING) {
    return asFact(unknown('command-missing', said || 'not on this node'), from.source);
  }
  if (result.code === EXIT_NOT_PERMITTED || result.code === 126) {
    return asFact(unknown('not-permitted', said || 'needs root'), from.source);
  }
  if (result.code === 0 || options.lenient === true) {
    const parsed = parse(result.stdout);
    if (parsed.known || result.code === 0) return asFact(parsed, from.source);
  }
  return asFact(unknown('command-failed', said || `exit status ${result.code}`), from.source);
}
