/** What was printed on each node, the end of it. */
export class OutputTail {
  readonly #nodes = new Map<string, string[]>();
  readonly #sizes = new Map<string, number>();

  /** @param limit characters kept of each node */
  constructor(private readonly limit: number) {}

  add(node: string, line: string): void {
    const lines = this.#nodes.get(node) ?? [];
    this.#nodes.set(node, lines);
    lines.push(line);
    let size = (this.#sizes.get(node) ?? 0) + line.length + 1;
    let dropped = 0;
    while (size > this.limit) size -= (lines[dropped++]?.length ?? 0) + 1;
    if (dropped > 0) lines.splice(0, dropped);
    this.#sizes.set(node, size);
  }

  all(): { node: string; text: string }[] {
    return [...this.#nodes].map(([node, lines]) => ({
      node,
      text: lines.map((line) => `${line}\n`).join(''),
    }));
  }
}
