import type { Settings } from '../contract/settings';
import type { Slices } from '../contract/slices';
import type { Playbook } from '../core/engine/playbook';
import type { LocalShell } from '../core/ports';
import { noBench } from './bench/measuring';
import type { AppHost } from './service';

interface Beginning {
  readonly host: AppHost;
  readonly dataDir: string;
  readonly playbooks: ReadonlyMap<string, Playbook>;
  readonly localShell: LocalShell | undefined;
}

/** The state of an app that was just started. */
export function initial({ host, dataDir, playbooks, localShell }: Beginning, settings: Settings): Slices {
  return {
    app: {
      ...host.info,
      canSaveSecrets: host.vault !== undefined,
      localTerminal: localShell !== undefined,
      dataFolder: dataDir,
      playbooks: [...playbooks.values()].map(({ id, minutes, risk, stages, inputs }) => ({
        id,
        minutes,
        risk,
        stages: stages.map((stage) => ({ id: stage.id, needs: [...stage.needs] })),
        inputs: inputs.map((input) => ({
          key: input.key,
          default: input.default ?? null,
          values: input.values ? [...input.values] : null,
        })),
      })),
    },
    settings,
    discovery: { state: 'idle', limitMs: 0, startedAt: null, failure: null, candidates: [] },
    pair: null,
    facts: { node1: null, node2: null, readAt: null, reading: false },
    pulse: { node1: null, node2: null },
    prompts: [],
    practice: { state: 'off', faults: [] },
    book: null,
    plan: null,
    runs: [],
    bench: noBench,
    history: [],
    terminals: [],
    log: { first: 0, next: 0 },
  };
}
