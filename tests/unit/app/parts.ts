import type { AppParts } from '../../../src-main/app/app';
import type { PracticePair } from '../../../src-main/app/practice-room';
import type { Settings } from '../../../src-main/contract/settings';
import type { Playbook } from '../../../src-main/core/engine/playbook';
import { SystemClock } from '../../../src-main/adapters/laptop/system-clock';
import type { LocalPair } from '../core/engine/local-pair';
import { MemoryBenchStore } from './memory-bench-store';

/** An app over two folders of this computer. */
export function partsOf(pair: LocalPair, playbook: Playbook, patch: Partial<AppParts> = {}): AppParts {
  let kept: Settings | undefined;
  const practice: PracticePair = {
    nodes: [
      { name: 'one', host: '127.0.0.1', port: 1, user: 'me' },
      { name: 'two', host: '127.0.0.1', port: 2, user: 'me' },
    ],
    loginPassword: 'practice',
    faults: [{ id: 'cable-out', on: false }],
    setFault: () => undefined,
    close: () => Promise.resolve(),
  };
  return {
    host: {
      info: { version: '0.0.0', host: 'browser', platform: 'linux', systemLanguage: 'en' },
      openLink: () => Promise.resolve(),
      vault: undefined,
    },
    dataDir: '/data',
    clock: new SystemClock(),
    localUser: 'me',
    localHostname: 'laptop',
    benchmarks: new MemoryBenchStore(),
    playbooks: new Map([[playbook.id, playbook]]),
    machines: {
      sshConfig: {
        list: () => Promise.resolve([{ alias: 'spark', host: '10.0.0.1', port: 2222, user: 'nvidia' }]),
        resolve: () => Promise.resolve({ host: '', port: undefined, user: undefined }),
      },
      discovery: {
        browse: ({ onFound }) => {
          const found = { name: 'spark-1', host: 'spark-1.local', port: 22, addresses: ['10.0.0.2'] };
          onFound?.(found);
          return Promise.resolve([found]);
        },
      },
    },
    settings: {
      read: () => Promise.resolve(kept),
      write: (settings) => {
        kept = settings;
        return Promise.resolve();
      },
    },
    localShell: undefined,
    engine: ({ listener }) => pair.start(playbook, undefined, {}, listener).engine,
    practice: ({ listener }) => ({
      start: () => Promise.resolve(practice),
      engine: () => Promise.resolve(pair.start(playbook, undefined, {}, listener).engine),
      benchmarks: () => new MemoryBenchStore(),
    }),
    ...patch,
  };
}

/** Choices that name the two folders. */
export const BY_HAND = [
  { from: 'hand', host: 'one', port: 22, user: 'me' },
  { from: 'hand', host: 'two', port: 22, user: 'me' },
] as const satisfies readonly unknown[];
