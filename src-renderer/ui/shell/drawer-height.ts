const usual = 208;
const least = 120;
/** What is left for the view above, px: header, ribbon and a stage's head with its button. */
const leftAbove = 280;

/** CSS px at first. */
export function keptHeight(): number {
  return usual;
}

/** A height that leaves room for the view above. */
export function limitHeight(height: number, windowHeight: number): number {
  return Math.max(least, Math.min(height, windowHeight - leftAbove));
}
