import type { Asker } from './asker';
import { makePaint, wantsColour, type Paint } from './paint';

/** A stream that text is written to. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the command line is given by the process; replaced in tests. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Standard input; asked for by commands that read it. */
  readonly stdin?: () => AsyncIterable<Uint8Array>;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
  readonly localUser: string;
  /** Somebody is there to ask. */
  readonly interactive: boolean;
  /** Made on the first question. */
  readonly asker: () => Promise<Asker>;
}

/** Where a command says what it says. With `--json`, standard output carries one JSON object per line and nothing else. */
export class Output {
  readonly paint: Paint;
  readonly paintErr: Paint;
  /** Set by whoever draws a line that changes in place: called before anything else is written. */
  beforeWrite: () => void = () => undefined;
  /** Questions on the terminal or waiting for it; notes are kept back meanwhile. */
  #questions = 0;
  #held: string[] = [];

  constructor(
    private readonly io: Pick<Io, 'stdout' | 'stderr' | 'env'>,
    readonly json: boolean,
  ) {
    this.paint = makePaint(!json && wantsColour(io.env, io.stdout.isTTY === true));
    this.paintErr = makePaint(wantsColour(io.env, io.stderr.isTTY === true));
  }

  get errorsAreShown(): boolean {
    return this.io.stderr.isTTY === true;
  }

  /** Both streams go to the person: what progress has told need not be told again. */
  get progressWasSeen(): boolean {
    return this.io.stdout.isTTY === true && this.io.stderr.isTTY === true;
  }

  get errorWidth(): number {
    // Some terminals say 0.
    const columns = this.io.stderr.columns ?? 0;
    return columns < 20 ? 80 : columns;
  }

  /** What the person asked for. */
  say(text = ''): void {
    if (this.json) return;
    this.beforeWrite();
    this.io.stdout.write(`${text}\n`);
  }

  /** As {@link say}, to the byte. */
  raw(text: string): void {
    if (this.json) return;
    this.beforeWrite();
    this.io.stdout.write(text);
  }

  /** Progress, questions' surroundings, warnings. */
  note(text = ''): void {
    if (this.#questions > 0) {
      this.#held.push(text);
      return;
    }
    this.beforeWrite();
    this.io.stderr.write(`${text}\n`);
  }

  /** Keeps notes and drawing back while `question` is on the terminal. */
  async quietly<T>(question: () => Promise<T>): Promise<T> {
    this.beforeWrite();
    this.#questions++;
    try {
      return await question();
    } finally {
      this.#questions--;
      // Both nodes may ask: the last one lets go.
      if (this.#questions === 0) for (const text of this.#held.splice(0)) this.note(text);
    }
  }

  /** One object for a program; nothing without `--json`. */
  data(value: object): void {
    if (this.json) this.io.stdout.write(`${jsonLine(value)}\n`);
  }

  /** Text for the line that changes in place, as it is. */
  draw(text: string): void {
    if (this.#questions === 0) this.io.stderr.write(text);
  }
}

/** JSON in which also those characters are escaped that would steer a terminal. */
function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
