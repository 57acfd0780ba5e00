import type { App } from './app';

/** Whether a run has changes in place or did not come to its end. */
export async function isOpen(app: App): Promise<boolean> {
  const runs = (await app.run(['runs'])).result?.runs ?? [];
  return runs.some(
    (run) => run.status === 'interrupted' || run.changes.some(({ status }) => status !== 'undone'),
  );
}
