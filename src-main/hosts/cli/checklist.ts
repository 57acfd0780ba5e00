import type { EngineEvent } from '../../contract/events';
import type { Output } from './io';
import { plain } from '../../words/plain';
import { cells, cut } from './table';
import type { Words } from '../../words/words';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/**
 * Progress on standard error. On a terminal: finished lines above, below them one line that changes in place with what is
 * going on and since when. Elsewhere: one line per event.
 */
export class Checklist {
  #current: { text: string; since: number } | undefined;
  #frame = 0;
  #drawn = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #stages = new Map<string, number>();

  constructor(
    private readonly playbook: string,
    private readonly output: Output,
    private readonly words: Words,
    private readonly now: () => number = Date.now,
  ) {}

  /** Draws until {@link stop}. */
  start(): void {
    if (!this.output.errorsAreShown) return;
    this.output.beforeWrite = () => this.#erase();
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#erase();
    this.output.beforeWrite = () => undefined;
    this.#current = undefined;
  }

  readonly show = (event: EngineEvent): void => {
    const { words } = this;
    switch (event.type) {
      case 'node':
        this.#line(event.time, words.say(`event.node.${event.state}`, { node: event.node }));
        break;
      case 'run':
        this.#line(event.time, words.say(`event.run.${event.state}`, { run: event.run }));
        if (event.state === 'finished') this.#current = undefined;
        break;
      case 'stage':
        this.#stage(event);
        break;
      case 'change':
        this.#change(event);
        break;
      case 'log':
        this.#log(event.node, event.text);
        break;
    }
  };

  #stage(event: Extract<EngineEvent, { type: 'stage' }>): void {
    const { words } = this;
    const paint = this.output.paintErr;
    const stage = words.stage(this.playbook, event.stage);
    const text = words.say(`event.stage.${event.status}`, { stage });
    if (event.status === 'running') {
      this.#stages.set(event.stage, event.time);
      this.#begin(event.time, text);
      return;
    }
    const started = this.#stages.get(event.stage);
    const took = started === undefined ? '' : paint.dim(`  ${words.duration(event.time - started)}`);
    const good = event.status === 'done' || event.status === 'satisfied';
    const sign = good ? paint.green('✓') : event.status === 'failed' ? paint.red('✗') : paint.yellow('↶');
    this.#current = undefined;
    this.#line(event.time, `${sign} ${paint.bold(text)}${took}`);
    for (const note of event.notes) this.#line(event.time, `    ${words.message(note)}`, false);
  }

  #change(event: Extract<EngineEvent, { type: 'change' }>): void {
    const { words } = this;
    const text = words.say(`event.change.${event.status}`, { change: words.message(event.summary) });
    if (event.status === 'applying' || event.status === 'undoing') {
      this.#begin(event.time, `  ${text}`);
      return;
    }
    this.#line(event.time, `  ${text}`);
    if (event.status === 'trial') this.#current = { text, since: event.time };
  }

  #log(node: string, text: string): void {
    const { paintErr } = this.output;
    this.output.note(paintErr.dim(`    ${plain(node)} │ ${plain(text)}`));
  }

  #begin(time: number, text: string): void {
    if (!this.output.errorsAreShown) this.#line(time, text);
    this.#current = { text: text.trim(), since: time };
  }

  #line(time: number, text: string, stamp = true): void {
    const clock =
      this.output.errorsAreShown || !stamp ? '' : `${new Date(time).toISOString().slice(11, 19)} `;
    this.output.note(`${clock}${text}`);
  }

  #draw(): void {
    if (!this.#current) return;
    this.#erase();
    const { text, since } = this.#current;
    const sign = frames[this.#frame++ % frames.length] ?? '';
    const time = this.words.duration(Math.max(0, this.now() - since));
    const room = this.output.errorWidth - cells(time) - 5;
    this.output.draw(
      `${this.output.paintErr.cyan(sign)} ${cut(text, room)} ${this.output.paintErr.dim(time)}`,
    );
    this.#drawn = true;
  }

  #erase(): void {
    if (!this.#drawn) return;
    this.output.draw('\r\u001b[2K');
    this.#drawn = false;
  }
}
