import { resolveInputs } from '../../../../../src-main/core/engine/inputs';
import type { Inputs, StageContext } from '../../../../../src-main/core/engine/playbook';
import type { ExecResult } from '../../../../../src-main/core/ports';
import { ncclForTwoSparks } from '../../../../../src-main/core/playbooks/nccl/playbook';
import { emptyShared, type Shared } from '../../../../../src-main/core/playbooks/nccl/shared';
import { address, facts, names, NOW, type Overrides } from '../connect-two-sparks/builders';

export interface Looked {
  readonly node: string;
  readonly script: string;
}

/** What a node prints, and the status that it ends with. */
export type Answer = string | { readonly stdout: string; readonly code: number };

export interface Setup {
  readonly nodes?: readonly [Overrides, Overrides];
  readonly inputs?: Inputs;
  readonly answer?: (looked: Looked) => Answer | undefined;
}

/** Addresses on both halves, as Connect Two Sparks gives them. */
export function joined(node: 0 | 1): ReturnType<typeof address>[] {
  return [
    address('enp1s0f1np1', `192.168.100.1${node}/24`),
    address('enP2p1s0f1np1', `192.168.101.1${node}/24`),
  ];
}

/** What a node that is ready says to the look of the prerequisites. */
export function ready(node: string, changes: Record<string, string> = {}): string {
  const peer = node === names[0] ? names[1] : names[0];
  const lines = {
    cuda: 'cuda 13.0 /usr/local/cuda',
    folder: 'folder yes',
    free: `free ${500 * 1024 ** 3}`,
    login: `login 0 ${peer}`,
    ...changes,
  };
  return Object.values(lines).join('\n');
}

/** Whether a script is the one look of the prerequisites. */
export function isFirstLook(script: string): boolean {
  return script.startsWith('cuda=');
}

/** A context over two joined Sparks; `looks` records what was run. */
export function setup({ nodes = [{}, {}], inputs = {}, answer = () => undefined }: Setup = {}) {
  const looks: Looked[] = [];
  const view = (node: 0 | 1) => ({
    address: { name: names[node], host: `192.168.1.2${node + 1}`, port: 22, user: 'nvidia' },
    facts: facts(node, {
      gpus: [{ name: 'NVIDIA GB10', driver: '580.95.05', memoryMib: null }],
      addresses: joined(node),
      ...nodes[node],
    }),
  });
  const context: StageContext<Shared> = {
    nodes: [view(0), view(1)],
    inputs: resolveInputs(ncclForTwoSparks.inputs, inputs),
    chosen: new Set(Object.keys(inputs)),
    laptopNetworks: [],
    now: NOW,
    shared: emptyShared(),
    look(node, script) {
      looks.push({ node, script: script.text });
      const answered =
        answer({ node, script: script.text }) ?? (isFirstLook(script.text) ? ready(node) : 'absent\n');
      const { stdout, code } = typeof answered === 'string' ? { stdout: answered, code: 0 } : answered;
      return Promise.resolve<ExecResult>({ code, signal: null, stdout, stderr: '', durationMs: 1 });
    },
    signal: undefined,
  };
  return { context, looks };
}
