import type { WebContents } from 'electron';

/**
 * The page may end or hang; main, with its connections and runs, goes on, and a new page finds everything in the snapshot.
 *
 * @param parts.ask what to do: `reload`, or leave it (when it is gone: quit)
 */
export function watchPage(parts: {
  readonly contents: Pick<WebContents, 'on' | 'reload' | 'forcefullyCrashRenderer' | 'isDestroyed'>;
  ask(about: 'gone' | 'unresponsive', over: AbortSignal): Promise<boolean>;
  quit(): void;
  log(reason: string): void;
}): void {
  const { contents } = parts;
  let waiting: AbortController | undefined;
  let killed = false;
  const reload = () => {
    if (!contents.isDestroyed()) contents.reload();
  };

  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    waiting?.abort();
    waiting = undefined;
    if (reason === 'clean-exit') return;
    if (killed) {
      killed = false;
      reload();
      return;
    }
    parts.log(`${reason} ${exitCode}`);
    void parts.ask('gone', new AbortController().signal).then((again) => (again ? reload() : parts.quit()));
  });
  contents.on('unresponsive', () => {
    if (waiting) return;
    const asked = new AbortController();
    waiting = asked;
    void parts.ask('unresponsive', asked.signal).then((again) => {
      if (waiting === asked) waiting = undefined;
      if (!again || asked.signal.aborted) return;
      // A page that hangs does not hear of being loaded anew: its process ends first.
      killed = true;
      contents.forcefullyCrashRenderer();
    });
  });
  contents.on('responsive', () => {
    waiting?.abort();
    waiting = undefined;
  });
}
