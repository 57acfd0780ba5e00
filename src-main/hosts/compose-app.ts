import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { version } from '../../package.json';
import { App, type Wiring } from '../app/app';
import type { AppHost, AppService } from '../app/service';
import { SystemClock } from '../adapters/laptop/system-clock';
import { PtyLocalShell } from '../adapters/pty/local-shell';
import { FileBenchStore } from '../adapters/storage/file-bench-store';
import { SettingsFile } from '../adapters/storage/settings-file';
import { entryOf } from '../core/benchmark/history/entry';
import { compose } from './compose';
import type { HomeOptions } from './cli/home';
import { playbooks } from './playbooks';

export interface AppOptions {
  readonly dataDir: string;
  readonly host: AppHost;
  readonly laptop: HomeOptions['laptop'];
  /** Opens the practice pair at once. */
  readonly practice?: boolean;
}

/** The one place where the parts behind the window are wired together, for every host. */
export async function composeApp({ dataDir, host, laptop, practice }: AppOptions): Promise<AppService> {
  const home = (wiring: Wiring, folder: string, person: HomeOptions['laptop']) =>
    compose({ dataDir: folder, laptop: person, ...wiring }, version);
  // The sources of machines need no engine; whatever asks a question goes through the app's own wiring.
  const nobody: Wiring = {
    secrets: { get: () => Promise.resolve(undefined) },
    hostKeys: { accept: () => Promise.resolve(false) },
    listener: () => undefined,
  };
  const { sshConfig, discovery, benchmarks } = home(nobody, dataDir, laptop);
  const clock = new SystemClock();
  const shell = new PtyLocalShell({ clock });
  const room = path.join(dataDir, 'practice');
  const app = await App.start({
    host,
    dataDir,
    clock,
    localUser: laptop.localUser,
    localHostname: hostname(),
    benchmarks,
    playbooks,
    machines: { sshConfig, discovery },
    settings: new SettingsFile(dataDir),
    localShell: (await shell.available()) ? shell : undefined,
    engine: (wiring) => home(wiring, dataDir, laptop).engine,
    practice: (wiring) => ({
      start: async () => (await import('../practice/practice')).startPractice(),
      engine: async () => {
        // The nodes of an earlier practice are gone, and so is what their journals tell.
        await rm(room, { recursive: true, force: true });
        // Nothing of the person's own SSH has to do with practice: no keys, no agent, no configuration.
        return home(wiring, room, { ...laptop, home: room, env: {} }).engine;
      },
      benchmarks: () => new FileBenchStore(room, entryOf),
    }),
  });
  if (practice === true) await app.ask('practice.start', {});
  return app;
}
