import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';

export interface BuiltFile {
  readonly body: Uint8Array;
  readonly type: string;
  readonly cacheControl: string;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/**
 * The built window, read once, by the path that a request has to name to the character. A request is only ever looked up
 * here: no part of it becomes a path on this computer. Links are not followed, source maps stay out.
 * @throws Failure INTERNAL when the folder holds no window
 */
export async function readBuiltFiles(folder: string): Promise<ReadonlyMap<string, BuiltFile>> {
  const files = new Map<string, BuiltFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  await Promise.all(
    entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
      .map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        const segments = path.relative(folder, file).split(path.sep);
        const name = `/${segments.map(encodeURIComponent).join('/')}`;
        files.set(name, {
          body: await readFile(file),
          type: types[path.extname(entry.name).toLowerCase()] ?? 'application/octet-stream',
          cacheControl: cacheControl(name),
        });
      }),
  );
  const index = files.get('/index.html');
  if (!index) throw new Failure('INTERNAL', {}, { evidence: `The window has not been built: ${folder}` });
  files.set('/', index);
  return files;
}

/** The build names what it hashes `assets/NAME-HASH.EXT`: such a name never gets another content. */
function cacheControl(name: string): string {
  if (name.endsWith('.html')) return 'no-store';
  return /^\/assets\/[^/]+-[\w-]{8,}\.\w+$/.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache';
}
