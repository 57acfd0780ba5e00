import { existsSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../../core/failure';

/** From `src-main/hosts/web` or `dist/cli/assets` up to the root of the package, and no further. */
const LEVELS = 4;

/**
 * Where the build has put the window: `dist/renderer` beside the command line, or of the source tree that runs unbuilt.
 * @param from folder of the running code
 * @throws Failure INTERNAL when it has not been built
 */
export function rendererFolder(from: string = import.meta.dirname): string {
  let folder = from;
  for (let level = 0; level < LEVELS; level++, folder = path.dirname(folder)) {
    const found = [path.join(folder, 'renderer'), path.join(folder, 'dist', 'renderer')].find((candidate) =>
      existsSync(path.join(candidate, 'index.html')),
    );
    if (found !== undefined) return found;
  }
  throw new Failure('INTERNAL', {}, { evidence: 'The window has not been built: npm run build' });
}
