import type { BenchRecord } from '../../../contract/bench-record';
import type { BenchRequest } from '../../../contract/bench-request';
import type { CxPort, NodeFacts } from '../../../contract/facts';
import type { Pair } from '../../engine/playbook';
import { throwIfCancelled } from '../../failure';
import type { Clock, Session } from '../../ports';
import { chooseLinks, type BenchLink } from '../links';
import { toolFor } from '../tools/registry';
import { endOn } from './ending';
import { freePorts, parsePrepared, prepareScript, type Prepared } from './prepare';
import type { RunOptions } from './options';
import { Progress } from './progress';
import { recordOf } from './record';
import { BenchTest, type TestOptions } from './bench-test';

/** Leftovers of an earlier test may take some seconds to end. */
const PREPARE_LIMIT_MS = 30_000;

export interface BenchParts {
  readonly sessions: Pair<Session>;
  readonly clock: Clock;
  /** Reads both nodes. */
  facts(signal?: AbortSignal): Promise<Pair<NodeFacts>>;
  /** Of the form of a record's id. */
  newId(): string;
}

/** Measures on a connected pair, one test at a time. */
export class Bench {
  constructor(private readonly parts: BenchParts) {}

  /**
   * One measurement from beginning to end. When it resolves or rejects, nothing of it runs on either node that can still be reached.
   * @throws Failure what refuses it before a program ran: BENCH_TOOL_MISSING, BENCH_NO_LINK, BENCH_MEMORY, CANCELLED, and
   * failures of the connection. What goes wrong later, or a cancel, is in the record.
   */
  async run(request: BenchRequest, options: RunOptions = {}): Promise<BenchRecord> {
    const { sessions, clock } = this.parts;
    const { signal } = options;
    throwIfCancelled(signal);
    const id = this.parts.newId();
    const startedAt = clock.now();
    const progress = new Progress({ id, request, startedAt }, clock, options.onProgress);
    progress.phase('preparing');
    const names: Pair<string> = [sessions[0].node, sessions[1].node];
    const facts = options.facts ?? (await this.parts.facts(signal));
    const chosen = chooseLinks(facts, request.halves, names);
    const tool = toolFor(request);
    const ports: Pair<readonly CxPort[]> = [portsOf(facts[0]), portsOf(facts[1])];
    const needs = tool.needs(request, facts);
    const prepare = async (node: 0 | 1): Promise<Prepared> => {
      const before = {
        node: names[node],
        needs: needs.filter((need) => need.node === node),
        ports: ports[node],
        addresses: addressesOf(chosen, node),
      };
      const { stdout } = await sessions[node].exec(
        { script: prepareScript(before).text, root: false },
        { timeoutMs: PREPARE_LIMIT_MS, ...(signal ? { signal } : {}) },
      );
      return parsePrepared(before, stdout);
    };
    const prepared = await Promise.all([prepare(0), prepare(1)]);
    throwIfCancelled(signal);
    const links = chosen.map((link) => present(link, prepared));
    const free = [freePorts(prepared[0].listening), freePorts(prepared[1].listening)] as const;
    const context = {
      id,
      request,
      links,
      facts,
      names,
      readiness: prepared,
      port: (node: 0 | 1) => free[node](),
    };
    const test: TestOptions = {
      ...this.parts,
      id,
      startedAt,
      names,
      ports,
      prepared,
      links,
      progress,
      run: options,
    };
    const done = await new BenchTest(test).measure((pilot) => tool.plan({ ...context, pilot }));
    progress.phase('ending');
    const ends = await Promise.all([endOn(sessions[0], id, ports[0]), endOn(sessions[1], id, ports[1])]);
    return recordOf({ ...test, request, facts, done, ends, endedAt: clock.now() });
  }
}

function portsOf({ ports }: NodeFacts): readonly CxPort[] {
  return ports.known ? ports.value : [];
}

/** Of the links' devices on a node. */
function addressesOf(links: readonly BenchLink[], node: 0 | 1): ReadonlyMap<string, string> {
  return new Map(
    links.flatMap(({ rdma, address }) => (rdma[node] === null ? [] : [[rdma[node], address[node]] as const])),
  );
}

/** The link with those of its RDMA devices that are really there: a driver may be missing although the name is known. */
function present(link: BenchLink, prepared: Pair<Prepared>): BenchLink {
  const device = (node: 0 | 1) => {
    const name = link.rdma[node];
    return name !== null && prepared[node].devices.has(name) ? name : null;
  };
  return { ...link, rdma: [device(0), device(1)] };
}
