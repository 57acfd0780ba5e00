import type { PlanView } from '../../api/types';
import type { Book } from './situation';

/**
 * Holds on to the plan that was shown last, so that the cards stay as they are while a plan is made again and while it is carried
 * out: before, during and after share one layout.
 */
export class PlanKeeper {
  #last: PlanView | null = null;

  /** The plan to show: the one that main has, or the former one as long as what happens belongs to it. */
  show(book: Book | null, plan: PlanView | null): PlanView | null {
    if (plan !== null) this.#last = plan;
    const last = this.#last;
    if (book === null || last?.playbook !== book.playbook) return plan;
    if (plan !== null) return plan;
    const work = book.work?.kind;
    const isItsRun = book.work
      ? work === 'plan' || book.work.run === last.run
      : book.result?.run === last.run;
    return isItsRun && (work ?? book.result?.kind) !== 'rollback' ? last : null;
  }
}
