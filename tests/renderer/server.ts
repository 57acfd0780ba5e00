import type { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { securityHeaders } from '../../src-main/hosts/content-security-policy';
import { builtWindow } from './build';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface WindowServer {
  readonly address: string;
  close(): Promise<void>;
}

/** Gives out the built window with the headers of the real hosts. */
export async function serveWindow(): Promise<WindowServer> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/').then(
      ({ status, type, body }) => {
        const { port } = server.address() as AddressInfo;
        response.writeHead(status, {
          ...securityHeaders([`ws://127.0.0.1:${port}`]),
          'cache-control': 'no-store',
          'content-type': type,
        });
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(url: string): Promise<{ status: number; type: string; body: Buffer | string }> {
  const { pathname } = new URL(url, 'http://window');
  if (pathname === '/session') return { status: 204, type: 'text/plain', body: '' };
  const file = path.join(builtWindow, pathname === '/' ? 'index.html' : pathname);
  return {
    status: 200,
    type: types[path.extname(file)] ?? 'application/octet-stream',
    body: await readFile(file),
  };
}
