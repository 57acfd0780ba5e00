import { slices, type SliceName, type Slices, type Snapshot } from '../contract/slices';
import type { LogLine } from '../contract/state-work';
import type { Push } from '../contract/wire';

/**
 * What the window sees: slices that are replaced as a whole, and numbered when they are told. Changes of one turn of the
 * event loop are told together, each slice once.
 */
export class State {
  readonly #values: Slices;
  readonly #changed = new Set<SliceName>();
  readonly #sinks = new Set<(push: Push) => void>();
  #lines: LogLine[] = [];
  #planned = false;
  #seq = 0;

  /** @param trouble told when a slice has not the shape that was agreed: a fault of ours; it keeps its last value there */
  constructor(
    initial: Slices,
    private readonly trouble: (error: unknown) => void,
  ) {
    this.#values = { ...initial };
  }

  get<Name extends SliceName>(name: Name): Slices[Name] {
    return this.#values[name];
  }

  set<Name extends SliceName>(name: Name, value: Slices[Name]): void {
    this.#values[name] = value;
    this.#changed.add(name);
    this.#plan();
  }

  update<Name extends SliceName>(name: Name, change: (value: Slices[Name]) => Slices[Name]): void {
    this.set(name, change(this.#values[name]));
  }

  /** Tells new lines of the log; `range` says which main holds from now on. */
  log(lines: readonly LogLine[], range: Slices['log']): void {
    this.#values.log = range;
    this.#lines.push(...lines);
    this.#plan();
  }

  /** Told at once: terminals have their own order and flow control. */
  terminal(id: string, text: string): void {
    this.#tell({ type: 'terminal', id, text });
  }

  subscribe(sink: (push: Push) => void): () => void {
    this.#sinks.add(sink);
    return () => this.#sinks.delete(sink);
  }

  snapshot(): Snapshot {
    this.#flush();
    return { seq: this.#seq, state: { ...this.#values } };
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#planned = false;
    const names = [...this.#changed];
    this.#changed.clear();
    for (const name of names) {
      // Strips what the window is not to have, such as what only the engine needs of a plan.
      const { success, data, error } = slices[name].safeParse(this.#values[name]);
      if (success) this.#tell({ type: 'slice', seq: ++this.#seq, slice: name, value: data });
      else this.trouble(error);
    }
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    this.#tell({ type: 'log', seq: ++this.#seq, lines });
  }

  #tell(push: Push): void {
    for (const sink of this.#sinks) sink(push);
  }
}
