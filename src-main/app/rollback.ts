import type { RollbackScope } from '../contract/methods';
import { digest } from '../core/canonical';
import type { RollbackResult } from '../core/engine/parts';
import { Failure } from '../core/failure';
import type { Book } from './book';
import type { Connection } from './connection';
import { undoSteps, type UndoStep } from './undo-steps';

/** Shows what a rollback would restore, and does exactly that when it is confirmed. */
export class Rollback {
  #shown: { readonly scope: RollbackScope; readonly token: string } | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly book: Book,
  ) {}

  /** @throws Failure NOT_CONNECTED, NOT_FOUND when nothing of it is in place */
  async preview(scope: RollbackScope) {
    const steps = await this.#steps(scope);
    const token = digest(steps);
    this.#shown = { scope, token };
    return { token, runs: steps.map(({ run, changes }) => ({ run, changes: [...changes] })) };
  }

  /** @throws Failure ROLLBACK_CHANGED when this is not what would be restored now; WORK_RUNNING */
  async start(token: string): Promise<void> {
    this.book.refuseWhileWorking();
    const shown = this.#shown;
    if (shown?.token !== token) throw new Failure('ROLLBACK_CHANGED');
    const steps = await this.#steps(shown.scope);
    if (digest(steps) !== token) throw new Failure('ROLLBACK_CHANGED');
    this.#shown = undefined;
    const pair = this.connection.need();
    const touched = await this.#live();
    this.book.run('rollback', touched, async (signal) => {
      const results: RollbackResult[] = [];
      for (const { run, scope } of steps) {
        const result = await pair.rollBack(run, scope, signal);
        results.push(result);
        // What is older may rest on what could not be taken back.
        if (result.failed.length > 0 || result.drifted.length > 0) break;
      }
      return results;
    });
  }

  async #steps(scope: RollbackScope): Promise<UndoStep[]> {
    return undoSteps(scope, await this.#live());
  }

  async #live() {
    this.connection.need();
    return (await this.book.refresh()).live;
  }
}
