import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Starts a program that goes on without us. @throws what spawning throws; a program that is missing included */
export type Launch = (program: string, args: readonly string[]) => Promise<void>;

/** Whether this computer shows windows to the person at this terminal. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  if (platform === 'linux') return isSet(env['DISPLAY']) || isSet(env['WAYLAND_DISPLAY']);
  // Its screen may stand somewhere else.
  return !isSet(env['SSH_CONNECTION']);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/**
 * Opens an address that lets its reader in. Arguments of programs are visible to everybody on the computer, so the browser is
 * given a file that only this person can read, and that leads on to the address.
 * @returns removes the file
 */
export async function openInBrowser(
  url: string,
  { folder, platform, launch }: { folder: string; platform: NodeJS.Platform; launch: Launch },
): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `open-${randomUUID()}.html`);
  const remove = () => rm(file, { force: true });
  await writeFile(file, leadingTo(url), { flag: 'wx', mode: 0o600 });
  const [program, ...args] = opener(platform);
  try {
    await launch(program, [...args, file]);
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

function opener(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}

/** @param url of our own making: nothing in it is special to HTML */
function leadingTo(url: string): string {
  return [
    '<!doctype html>',
    '<meta charset="utf-8">',
    '<meta name="referrer" content="no-referrer">',
    `<meta http-equiv="refresh" content="0; url=${url}">`,
    '<title>Twinspark</title>',
    `<a href="${url}">Twinspark</a>`,
    '',
  ].join('\n');
}

/** Without a shell; resolves when the program runs. */
export const launchDetached: Launch = (program, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true, shell: false });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
