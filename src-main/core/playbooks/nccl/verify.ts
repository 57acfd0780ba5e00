import type { BenchResult, BenchVerdict } from '../../../contract/benchmark';
import type { Message } from '../../../contract/message';
import { ncclFittingBytes, ncclScript } from '../../benchmark/nccl-place';
import { nccl } from '../../benchmark/parse/nccl';
import { measured } from '../../benchmark/verdict/measure';
import { judge } from '../../benchmark/verdict/judge';
import type { ExecResult } from '../../ports';
import type { Stage, StageContext, Verification } from '../../engine/playbook';
import { Failure } from '../../failure';
import type { Script } from '../../shell/quote';
import { nameOf, valueOf } from '../pair';
import { explain } from './causes';
import { note } from './codes';
import { sizes } from './inputs';
import type { Shared } from './shared';

/** Enough to see that both processes meet and the values are right; too little to tell how fast. */
const SHORT_BYTES = 32 * 1024 ** 2;
const SHORT_LIMIT_MS = 60_000;
/** 16 GiB, 25 times in place and out of place: two minutes over one half, and a start of MPI. */
const WHOLE_LIMIT_MS = 600_000;
const EVIDENCE_CHARS = 4_000;

/** all_gather over both nodes, held against what healthy pairs show. Changes nothing. */
export const verify: Stage<Shared> = {
  id: 'verify',
  needs: ['environment'],
  async assess(context) {
    const { settled } = context.shared;
    const ready = ['packages', 'nccl', 'nccl-tests', 'environment'].every((stage) => settled.has(stage));
    if (!ready) return { status: 'needed', notes: [note('nccl.verify.pending', {})], changes: [] };
    if (context.inputs['verify.size'] === 'none')
      return { status: 'satisfied', notes: [note('nccl.verify.skipped', {})] };
    // A whole measurement takes a minute and much memory: looking is content with a short one.
    const { ok, notes } = await measure(context, { bytes: SHORT_BYTES, short: true });
    return ok ? { status: 'satisfied', notes } : { status: 'needed', notes, changes: [] };
  },
  async verify(context) {
    const chosen = context.inputs['verify.size'] ?? 'auto';
    if (chosen === 'none') return { ok: true, notes: [note('nccl.verify.skipped', {})], causes: [] };
    const free = context.nodes.map(({ facts }) => valueOf(facts.memory)?.availableBytes ?? 0);
    const fitting = ncclFittingBytes([free[0] ?? 0, free[1] ?? 0]) ?? SHORT_BYTES;
    const wanted = sizes[chosen] ?? fitting;
    const bytes = Math.min(wanted, fitting);
    const result = await measure(context, { bytes, short: false });
    if (bytes === wanted) return result;
    const said = note('nccl.verify.smaller', { size: sizeName(bytes), free: sizeName(Math.min(...free)) });
    return { ...result, notes: [said, ...result.notes] };
  },
};

async function measure(
  context: StageContext<Shared>,
  { bytes, short }: { bytes: number; short: boolean },
): Promise<Verification> {
  const { nodes, shared } = context;
  if (!shared.pair) return { ok: false, notes: [], causes: [] };
  const script = ncclScript({
    operation: 'all_gather',
    fromBytes: bytes,
    toBytes: bytes,
    pair: shared.pair,
    ...(short ? { iterations: 5 } : {}),
  });
  const ran = await run(context, script, short ? SHORT_LIMIT_MS : WHOLE_LIMIT_MS);
  if (ran === undefined) return failed(context, { code: null, stdout: '', stderr: 'did not end in time' });
  const parsed = nccl.parse(ran.stdout);
  if (ran.code !== 0 || !parsed.known || parsed.value.status !== 'done') return failed(context, ran);
  const result = parsed.value;
  const verdict = judge(result, {
    halves: shared.pair.bothHalves ? 2 : 1,
    ports: nodes.flatMap(({ facts }) => valueOf(facts.ports) ?? []),
    mtu: Math.min(...shared.links.flatMap(({ mtu }) => mtu.map((one) => one ?? 1500))),
  });
  if (short) {
    const right = !verdict.causes.some(({ cause }) => cause.code === 'bench.cause.wrong-values');
    return {
      ok: right,
      notes: [note('nccl.verify.works', { size: sizeName(bytes) })],
      causes: verdict.causes,
    };
  }
  return judged(result, verdict, bytes, ran);
}

/** Undefined where it did not end in time: two processes that wait for each other are a finding, not a failure to look. */
async function run(
  context: StageContext<Shared>,
  script: Script,
  timeoutMs: number,
): Promise<ExecResult | undefined> {
  try {
    return await context.look(nameOf(context.nodes[0]), script, { timeoutMs });
  } catch (error) {
    if (error instanceof Failure && error.code === 'COMMAND_TIMEOUT') return undefined;
    throw error;
  }
}

function judged(result: BenchResult, verdict: BenchVerdict, bytes: number, ran: ExecResult): Verification {
  const rate = measured(result, 'busBandwidth', 'GB/s')?.value ?? 0;
  const notes: Message[] = [
    note('nccl.verify.measured', { size: sizeName(bytes), gbytes: Math.round(rate * 100) / 100 }),
    ...verdict.notes,
  ];
  if (verdict.level !== 'bad') {
    // A suspicious figure is a working pair: its likely causes are told, and nothing is taken back for it.
    const hints = verdict.level === 'suspicious' ? verdict.causes.slice(0, 2) : [];
    return {
      ok: true,
      notes: [...notes, ...hints.flatMap(({ cause, remedy }) => [cause, remedy])],
      causes: [],
    };
  }
  return { ok: false, notes, causes: verdict.causes, evidence: tail(ran) };
}

function failed({ nodes, shared }: StageContext<Shared>, ran: Printed): Verification {
  const evidence = tail(ran);
  const node = nameOf(nodes[0]);
  const peer = nameOf(nodes[1]);
  return {
    ok: false,
    notes: [],
    causes: explain(evidence, { node, peer, user: shared.places?.[0].user ?? '' }),
    evidence,
  };
}

type Printed = Pick<ExecResult, 'code' | 'stdout' | 'stderr'>;

function tail({ stderr, stdout }: Printed): string {
  return `${stderr}${stdout}`.slice(-EVIDENCE_CHARS);
}

function sizeName(bytes: number): string {
  const gib = bytes / 1024 ** 3;
  return gib >= 1 ? `${Math.floor(gib * 10) / 10} GiB` : `${Math.floor(bytes / 1024 ** 2)} MiB`;
}
