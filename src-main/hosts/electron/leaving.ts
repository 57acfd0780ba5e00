import type { App, BrowserWindow, PowerMonitor } from 'electron';
import type { AppService } from '../../app/service';

export interface LeavingParts {
  readonly app: Pick<App, 'on' | 'quit'>;
  readonly window: Pick<BrowserWindow, 'on'>;
  readonly power: Pick<PowerMonitor, 'on'>;
  readonly service: Pick<AppService, 'activity' | 'close' | 'woke'>;
  /**
   * Asks whether to leave although something is `changing`, or is still `closing`.
   * @param over aborted when the answer no longer matters
   */
  ask(about: 'changing' | 'closing', over: AbortSignal): Promise<boolean>;
  /** Done beside closing the app: keeps the window's place. Never rejects. */
  tidy(): Promise<void>;
  /** Closing failed: nothing is left to wait for, but somebody should know. */
  failed(error: unknown): void;
}

type Stage = 'open' | 'asking' | 'closing' | 'closed';

/**
 * The one way out. Nobody leaves a change half done unasked, and the process stays until it is taken back; whoever cannot
 * wait may go at once, and finds the run offered for recovery at the next start.
 */
export function guardLeaving(parts: LeavingParts): void {
  const { app, window, power, service } = parts;
  let stage: Stage = 'open';
  const at = (which: Stage) => stage === which;
  const over = new AbortController();

  const go = () => {
    if (stage === 'closed') return;
    stage = 'closed';
    over.abort();
    app.quit();
  };
  const close = () => {
    if (stage === 'closing' || stage === 'closed') return;
    stage = 'closing';
    void Promise.all([service.close(), parts.tidy()])
      .catch((error: unknown) => parts.failed(error))
      .then(go);
  };
  const askFirst = async () => {
    stage = 'asking';
    const leave = await parts.ask('changing', over.signal);
    // The system may have told us meanwhile to go in any case.
    if (!at('asking')) return;
    stage = 'open';
    if (leave) close();
  };
  const askAgain = async () => {
    if (await parts.ask('closing', over.signal)) go();
  };

  app.on('before-quit', (event) => {
    if (stage === 'closed') return;
    event.preventDefault();
    if (stage === 'open') {
      if (service.activity === 'changing') void askFirst();
      else close();
    } else if (stage === 'closing') {
      void askAgain();
    }
  });
  window.on('close', (event) => {
    if (stage === 'closed') return;
    event.preventDefault();
    app.quit();
  });
  // The computer is going down: it will not wait for an answer.
  power.on('shutdown', close);
  window.on('query-session-end', close);
  power.on('resume', () => service.woke());
}
