import path from 'node:path';
import type { EngineEvent } from '../../contract/events';
import { Failure } from '../../core/failure';
import type { CommonOptions } from './arguments';
import type { Asker } from './asker';
import { AskingSecrets, type SecretNames } from './asking-secrets';
import type { ExitCode } from './exit-codes';
import { HostKeyQuestion } from './host-key-question';
import type { Home, HomeOptions } from './home';
import type { Interrupt } from './interrupts';
import type { Io, Output } from './io';
import type { Words } from '../../words/words';

/** What a command hands back: its exit code and, for `--json`, the members of the result object. */
export interface Outcome {
  readonly exitCode: ExitCode;
  readonly result: Readonly<Record<string, unknown>>;
}

/** One invocation: its words, its streams, whom it may ask, and the product behind it. */
export class Cli {
  readonly asker: (() => Promise<Asker>) | undefined;
  /** Told every event of the engine besides `--json`. */
  listener: (event: EngineEvent) => void = () => undefined;
  /** What is said to Ctrl-C, by its count; commands that stay in the foreground say something of their own. */
  interruptText = (what: Interrupt): string => this.words.say(`cli.interrupt.${what}`);
  #asker: Promise<Asker> | undefined;
  #secretNames: ReadonlyMap<string, SecretNames> = new Map();

  constructor(
    readonly io: Io,
    readonly words: Words,
    readonly options: CommonOptions,
    readonly signal: AbortSignal,
    private readonly compose: (options: HomeOptions) => Promise<Home>,
    readonly output: Output,
  ) {
    this.asker = io.interactive
      ? () => (this.#asker ??= io.asker().then((asker) => this.#quietly(asker)))
      : undefined;
  }

  get json(): boolean {
    return this.output.json;
  }

  /** Asks questions of choice and confirmation: a person is there and has not said yes to everything. */
  get mayAsk(): boolean {
    return this.asker !== undefined && this.options.yes !== true;
  }

  path(file: string): string {
    return path.resolve(this.io.cwd, file);
  }

  /** Names the variables that the nodes' passwords are in. */
  useSecrets(names: ReadonlyMap<string, SecretNames>): void {
    this.#secretNames = names;
  }

  async home(): Promise<Home> {
    const note = (text: string) => this.output.note(text);
    return this.compose({
      dataDir: await this.dataDir(),
      secrets: new AskingSecrets({
        names: (node) => this.#secretNames.get(node),
        env: this.io.env,
        asker: this.asker,
        words: this.words,
      }),
      hostKeys: new HostKeyQuestion(this.asker, this.words, note),
      listener: (event) => {
        this.output.data(event);
        this.listener(event);
      },
      laptop: { home: this.io.home, localUser: this.io.localUser, env: this.io.env },
    });
  }

  /** @throws Failure CONFIRMATION_NEEDED when nobody can be asked */
  async confirm(question: string): Promise<boolean> {
    if (this.options.yes === true) return true;
    if (!this.asker) throw new Failure('CONFIRMATION_NEEDED');
    return (await this.asker()).confirm(question, this.signal);
  }

  /** Where journals and settings are. */
  async dataDir(): Promise<string> {
    const given = this.options.dataDir ?? this.io.env['TWINSPARK_DATA_DIR'];
    if (given !== undefined && given !== '') return this.path(given);
    const { default: envPaths } = await import('env-paths');
    return envPaths('twinspark', { suffix: '' }).data;
  }

  #quietly(asker: Asker): Asker {
    const { output } = this;
    return {
      confirm: (...given) => output.quietly(() => asker.confirm(...given)),
      choose: (...given) => output.quietly(() => asker.choose(...given)),
      text: (...given) => output.quietly(() => asker.text(...given)),
      secret: (...given) => output.quietly(() => asker.secret(...given)),
    };
  }
}
