/** What may stand on the command line of the packaged app. */
const allowed = new Set([
  '--data-dir',
  '--lang',
  '--disable-gpu',
  '--force-device-scale-factor',
  '--high-dpi-support',
  '--ozone-platform',
  '--ozone-platform-hint',
]);

/**
 * The switches of a command line that the packaged app does not start with: Chromium has hundreds, among them some that
 * open a debugger, take the sandbox away, or load other code. From source, where tests use them, all may stand.
 */
export function refusedSwitches(argv: readonly string[], packaged: boolean): string[] {
  if (!packaged) return [];
  return argv
    .slice(1)
    .map((word) => word.split('=', 1)[0] ?? '')
    .filter((word) => /^[-/]./.test(word) && !allowed.has(word) && !/^\/.*\//.test(word));
}
