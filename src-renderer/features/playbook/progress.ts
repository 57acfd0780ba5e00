import type { StageView, Work } from '../../api/types';

const settled: ReadonlySet<StageView['status']> = new Set(['satisfied', 'done', 'failed', 'taken-back']);
const made: ReadonlySet<string> = new Set(['applied', 'failed']);
const undone: ReadonlySet<string> = new Set(['restored', 'untouched', 'drifted']);

/** How much of a work is done, 0 to 1. `planned` tells how many changes each stage will make. */
export function fraction(
  kind: Work['kind'],
  stages: readonly StageView[],
  planned: ReadonlyMap<string, number>,
): number {
  if (stages.length === 0) return 0;
  if (kind === 'rollback' || kind === 'settle') {
    const changes = stages.flatMap((stage) => stage.changes);
    const back = changes.filter(({ status }) => undone.has(status)).length;
    // What is in place is counted anew when the work has ended.
    const all = Math.max(back, sum(stages.map(({ inPlace }) => inPlace)));
    return all === 0 ? 0 : back / all;
  }
  // A stage that changes nothing takes time as well: it counts like one change.
  const weights = stages.map((stage) => 1 + (planned.get(stage.id) ?? 0));
  const done = stages.map((stage, index) => {
    const weight = weights[index] ?? 1;
    if (settled.has(stage.status)) return weight;
    if (stage.status !== 'running') return 0;
    return Math.min(weight - 1, stage.changes.filter(({ status }) => made.has(status)).length);
  });
  return sum(done) / sum(weights);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Keeps what is shown of one work from going back: a stage that is taken back makes nothing undone that was seen. */
export class HighWater {
  #work: number | null = null;
  #highest = 0;

  /** @param work what tells one work from the next: the time at which it began */
  show(work: number, now: number): number {
    if (work !== this.#work) {
      this.#work = work;
      this.#highest = 0;
    }
    this.#highest = Math.max(this.#highest, Math.min(1, now));
    return this.#highest;
  }
}

/** How long a stage has taken, ms: to its end, or until `now` while it runs; null before it has begun. */
export function timeTaken(stage: StageView, now: number): number | null {
  if (stage.startedAt === null) return null;
  const busy = stage.status === 'running' || stage.status === 'undoing';
  if (stage.endedAt !== null && !busy) return Math.max(0, stage.endedAt - stage.startedAt);
  return busy ? Math.max(0, now - stage.startedAt) : null;
}
