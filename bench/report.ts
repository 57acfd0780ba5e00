/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Prints one benchmark as a Markdown table, ready for RESULTS.md. */
export function report(name: string, rows: readonly (readonly [what: string, value: number])[]): void {
  console.log(`\n## ${name}\n\n| what | value |\n| --- | --- |`);
  for (const [what, value] of rows) console.log(`| ${what} | ${value.toPrecision(3)} |`);
}
