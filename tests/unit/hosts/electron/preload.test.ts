import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '../../../../src-main/contract/bridge';
import { methodNames } from '../../../../src-main/contract/method-names';

const root = path.resolve(import.meta.dirname, '../../../..');
let folder: string;
let code: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twinspark-preload-'));
  await build({
    root,
    configFile: path.join(root, 'vite.preload.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  code = await readFile(path.join(folder, 'preload.cjs'), 'utf8');
}, 30_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the built file as a sandboxed renderer does: with `electron` to require, and next to nothing else. */
function load() {
  const listeners = new Map<string, (event: unknown, ...args: unknown[]) => void>();
  const invoke = vi.fn(() => Promise.resolve({ result: 1 }));
  const exposed: Record<string, unknown> = {};
  const required: string[] = [];
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => (exposed[name] = api) },
    ipcRenderer: { invoke, on: (name: string, listener: () => void) => listeners.set(name, listener) },
  };
  const require = (name: string) => {
    required.push(name);
    if (name !== 'electron') throw new Error(`a sandboxed preload cannot require ${name}`);
    return electron;
  };
  runInNewContext(code, { require, exports: {}, module: { exports: {} } });
  return { bridge: exposed['twinspark'] as Bridge, exposed, required, invoke, listeners };
}

describe('the built preload', () => {
  it('is one CommonJS file that needs nothing but Electron', async () => {
    expect(await readdir(folder)).toEqual(['preload.cjs']);
    expect(load().required).toEqual(['electron']);
    expect(code).not.toMatch(/^\s*(import|export)\s/m);
  });

  it('exposes one object: a function for each name, and the pushes', () => {
    const { bridge, exposed } = load();
    expect(Object.keys(exposed)).toEqual(['twinspark']);
    expect(Object.keys(bridge).sort()).toEqual(['ask', 'onPush']);
    expect(Object.keys(bridge.ask)).toEqual([...methodNames]);
    for (const ask of Object.values(bridge.ask)) expect(ask).toBeTypeOf('function');
  });

  it('asks on one channel only, whatever else it is given', async () => {
    const { bridge, invoke } = load();
    const ask = bridge.ask['app.snapshot'] as (...args: unknown[]) => Promise<unknown>;
    expect(await ask({ a: 1 }, 'more', 'app.quit')).toEqual({ result: 1 });
    expect(invoke.mock.calls).toEqual([['twinspark:ask', 'app.snapshot', { a: 1 }]]);
  });

  it('hands on what is told, and never the event, which would lead to Electron', () => {
    const { bridge, listeners } = load();
    const listener = vi.fn();
    bridge.onPush(listener);
    expect([...listeners.keys()]).toEqual(['twinspark:push']);
    listeners.get('twinspark:push')?.({ sender: 'ipcRenderer' }, { type: 'log' }, 'more');
    expect(listener.mock.calls).toEqual([[{ type: 'log' }]]);
  });
});
