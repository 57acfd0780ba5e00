import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of commands for the front of PATH: `scripts` by name, in sh. Everybody may run them. */
export function fakeCommands(scripts: Record<string, string>): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'twinspark-path-'));
  chmodSync(path, 0o755);
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
