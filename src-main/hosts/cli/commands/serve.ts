import process from 'node:process';
import { version } from '../../../../package.json';
import type { AppHost, AppService } from '../../../app/service';
import type { AppOptions } from '../../compose-app';
import { hasDisplay, launchDetached, openInBrowser, type Launch } from '../../web/open-browser';
import { rendererFolder } from '../../web/renderer-folder';
import { startWebServer, type WebServer } from '../../web/server';
import { TOKEN_LIFE_MS } from '../../web/sign-in';
import type { Cli, Outcome } from '../cli';
import { untilInterrupted } from '../until-interrupted';

export interface ServeOptions {
  readonly port?: number;
  readonly practice?: boolean;
  /** Opens the person's browser; undefined: where somebody is there to see it. */
  readonly open?: boolean;
}

/** What `serve` stands on; replaced in tests. */
export interface ServeParts {
  readonly compose: (options: AppOptions) => Promise<AppService>;
  readonly files: () => string;
  readonly platform: NodeJS.Platform;
  readonly launch: Launch;
}

const realParts: ServeParts = {
  // Heavy, and of no use to other commands.
  compose: async (options) => (await import('../../compose-app')).composeApp(options),
  files: rendererFolder,
  platform: process.platform,
  launch: launchDetached,
};

/** `twinspark serve`: the window in a browser, until Ctrl-C. */
export async function serve(
  cli: Cli,
  { port, practice, open }: ServeOptions,
  parts: ServeParts = realParts,
): Promise<Outcome> {
  const { io, words, output } = cli;
  const files = parts.files();
  const dataDir = await cli.dataDir();
  const app = await parts.compose({
    dataDir,
    host: browserHost(parts.platform, words.language),
    laptop: { home: io.home, localUser: io.localUser, env: io.env },
    practice: practice ?? false,
  });
  const usual = cli.interruptText;
  cli.interruptText = (what) =>
    app.activity === 'changing' ? usual(what) : words.say(`cli.serve.interrupt.${what}`);
  let server: WebServer | undefined;
  let forgetFile = () => Promise.resolve();
  try {
    server = await startWebServer({
      app,
      files,
      ...(port === undefined ? {} : { port }),
      told: (event) => {
        output.note(words.say(`cli.serve.${event}`));
        void forgetFile();
      },
    });
    announce(cli, server);
    const isSeen = cli.asker !== undefined && !cli.json && hasDisplay(parts.platform, io.env);
    if (open ?? isSeen) forgetFile = await openBrowser(cli, server.url, dataDir, parts);
    await untilInterrupted(cli.signal);
  } finally {
    await forgetFile();
    // The windows still see how what is under way is taken back.
    await app.close();
    await server?.close();
  }
  output.note(words.say('cli.serve.ended'));
  return { exitCode: 0, result: {} };
}

/** What the app is told of its host: the browser opens links itself, and keeps no secrets. */
function browserHost(platform: NodeJS.Platform, systemLanguage: 'en' | 'ko'): AppHost {
  const known = platform === 'linux' || platform === 'darwin' || platform === 'win32';
  return {
    info: { version, host: 'browser', platform: known ? platform : 'other', systemLanguage },
    openLink: () => Promise.resolve(),
    vault: undefined,
  };
}

function announce({ io, words, output }: Cli, { url, port }: WebServer): void {
  output.data({ type: 'serving', url, port });
  output.say(words.say('cli.serve.ready'));
  output.say();
  output.say(`  ${output.paint.bold(url)}`);
  output.say();
  output.note(words.say('cli.serve.once', { minutes: TOKEN_LIFE_MS / 60_000 }));
  // Client address and port, then the address and port that the person came to.
  const [, , host, sshPort] = io.env['SSH_CONNECTION']?.split(' ') ?? [];
  if (host !== undefined && sshPort !== undefined) {
    const away = sshPort === '22' ? '' : ` -p ${sshPort}`;
    const command = `ssh -N -L ${port}:127.0.0.1:${port}${away} ${io.localUser}@${host}`;
    output.note(words.say('cli.serve.from-afar', { command }));
  }
  output.note(words.say('cli.serve.end'));
}

/** A browser that cannot be opened is no failure: the address has been said. */
async function openBrowser(
  { words, output }: Cli,
  url: string,
  folder: string,
  { platform, launch }: ServeParts,
): Promise<() => Promise<void>> {
  try {
    return await openInBrowser(url, { folder, platform, launch });
  } catch {
    output.note(words.say('cli.serve.not-opened'));
    return () => Promise.resolve();
  }
}
