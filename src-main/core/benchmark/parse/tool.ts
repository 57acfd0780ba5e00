import type { BenchResult, BenchTool } from '../../../contract/benchmark';
import { known, malformed, unknown, type Parsed } from '../../probe/parsed';
import { Draft, type Added } from './draft';
import { LINE_LIMIT, cleanLine, eachLine } from './lines';

/** Text beyond this many characters is refused unread. */
const TEXT_LIMIT = 64 * 1024 * 1024;

/** What a tool's file gives: how one cleaned line changes the draft, and what is to be done when no more come. */
export interface LineReader {
  /** `ended` is false for a last line without its line break: it may be cut within a number. */
  line(text: string, ended: boolean): void;
  end?(): void;
  /** A line may be as long as the text: JSON without line breaks. */
  readonly longLines?: true;
}

/** Reads an output while it is printed. */
export interface BenchReader {
  /** One line without its line break; gives the points that it brought. */
  line(text: string): readonly Added[];
  /** The result up to here, a copy. */
  soFar(): BenchResult;
  /** No more comes; `rest` is what stood after the last line break. */
  end(rest?: string): Parsed<BenchResult>;
}

export interface BenchParser {
  readonly tool: BenchTool;
  /** The whole output at once. Never throws; takes time linear in its length. */
  readonly parse: (text: string) => Parsed<BenchResult>;
  readonly reader: () => BenchReader;
}

export function benchParser(tool: BenchTool, make: (draft: Draft) => LineReader): BenchParser {
  const reader = () => new Reading(new Draft(tool), make);
  return {
    tool,
    reader,
    parse: (text) => {
      if (text.length > TEXT_LIMIT) return unknown('too-large', `${text.length} characters`);
      const reading = reader();
      eachLine(text, (line, ended) => reading.take(line, ended));
      return reading.end();
    },
  };
}

class Reading implements BenchReader {
  readonly #read: LineReader;
  #blank = true;
  #characters = 0;

  constructor(
    private readonly draft: Draft,
    make: (draft: Draft) => LineReader,
  ) {
    this.#read = make(draft);
  }

  line(text: string): readonly Added[] {
    eachLine(`${text}\n`, (line, ended) => this.take(line, ended));
    return this.draft.takeAdded();
  }

  take(raw: string, ended: boolean): void {
    this.#characters += raw.length;
    if (this.#characters > TEXT_LIMIT) return;
    const line = cleanLine(raw, this.#read.longLines === true ? TEXT_LIMIT : LINE_LIMIT);
    if (line === '') return;
    this.#blank = false;
    this.#read.line(line, ended);
  }

  soFar(): BenchResult {
    return this.draft.result();
  }

  end(rest = ''): Parsed<BenchResult> {
    eachLine(rest, (line, ended) => this.take(line, ended));
    this.#read.end?.();
    const { draft } = this;
    if (draft.recognised) {
      if (draft.status === 'running' && draft.points > 0) draft.warn('bench.warning.truncated');
      return known(draft.result());
    }
    return this.#blank ? unknown('empty', 'no output') : malformed(`nothing of ${draft.tool} in it`);
  }
}
