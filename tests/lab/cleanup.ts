import { spawnSync } from 'node:child_process';

/** Labs that this process has to end; each gives the command line that ends it without this process's event loop. */
const open = new Map<string, () => readonly [string, readonly string[]]>();
let registered = false;

function endAll(): void {
  for (const command of open.values()) {
    const [program, args] = command();
    spawnSync(program, args, { stdio: 'ignore', timeout: 30_000, cwd: '/' });
  }
  open.clear();
}

/**
 * Ends a lab when this process exits, is interrupted or terminated, also after a failure. The ending runs in a program of
 * its own because an exit handler cannot wait for promises.
 * @returns takes the registration back
 */
export function onExit(key: string, command: () => readonly [string, readonly string[]]): () => void {
  open.set(key, command);
  if (!registered) {
    registered = true;
    process.on('exit', endAll);
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      process.once(signal, () => {
        endAll();
        process.exit(code);
      });
    }
  }
  return () => void open.delete(key);
}
