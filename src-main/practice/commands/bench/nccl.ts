import { collective, collectiveTcp, wobble } from '../../machine/figures';
import type { FarEnd, Flow } from '../../machine/host';
import { liveProgram, pass, type LiveCall, type LiveProgram } from '../live';
import { fail } from '../support';
import { jobOf, type Rank } from './mpi-job';
import {
  ncclOffer,
  ncclOptions,
  ncclTests,
  type NcclOffer,
  type NcclOptions,
  type NcclTest,
} from './nccl-options';
import { ncclEnding, ncclHeading, ncclLog, ncclRow, type NcclFigure } from './nccl-text';
import { rdmaFlow, type Ends } from './paths';
import { railsBetween } from './rails';

/** The tests of nccl-tests, wherever they have been built. */
export const nccl: readonly LiveProgram[] = ncclTests.map((test) =>
  liveProgram(test.name, async (call) => {
    const given = ncclOptions(test.name, call.args);
    const own: Rank<NcclOffer> = { call, offer: ncclOffer(call) };
    const place = jobOf(call);
    if (place === undefined) return alone(call, test, given, own);
    const ranks = await place.job.join(place.rank, own);
    if (ranks === undefined) return 1;
    const rdma = ranks.every(({ offer }) => offer.rdma.length > 0);
    await call.print(ncclLog(own, rdma));
    if (place.rank > 0) {
      await place.job.finished;
      return place.job.signal.aborted ? 1 : 0;
    }
    try {
      return await lead(
        { ...call, signal: AbortSignal.any([call.signal, place.job.signal]) },
        test,
        given,
        ranks,
      );
    } finally {
      place.job.finish();
    }
  }),
);

/** Seconds that CUDA and NCCL take before the first size. */
const START_SECONDS = 1.2;
const MOST_SECONDS = 100;

async function lead(
  call: LiveCall,
  test: NcclTest,
  given: NcclOptions,
  ranks: readonly Rank<NcclOffer>[],
): Promise<number> {
  const [first, second] = ranks;
  if (first === undefined || second === undefined) return alone(call, test, given, first);
  if (!(await pass(call, START_SECONDS, MOST_SECONDS))) return 1;
  await call.print(ncclHeading(test, given, ranks));
  const averages: number[] = [];
  for (const [step, size] of given.sizes.entries()) {
    const figures = await both(call, test, given, { ranks: [first, second], size, step });
    if (figures === undefined) return 1;
    if (figures.length === 0)
      return fail(
        `${call.machine.hostname()}: Test NCCL failure common.cu:1014 'unhandled system error (run with NCCL_DEBUG=INFO for details) / '\n .. ${call.machine.hostname()} pid ${call.pid}: Test failure common.cu:891`,
        3,
      );
    averages.push(...figures.map(({ bus }) => bus));
    await call.print(ncclRow(test, size, ranks.length, figures));
  }
  await call.print(ncclEnding(test, averages.reduce((sum, one) => sum + one, 0) / averages.length));
  return 0;
}

/** Out of place and in place. @returns undefined when it is ended; nothing when no way is open */
async function both(
  call: LiveCall,
  test: NcclTest,
  given: NcclOptions,
  { ranks, size, step }: { ranks: readonly [Rank<NcclOffer>, Rank<NcclOffer>]; size: number; step: number },
): Promise<NcclFigure[] | undefined> {
  const figures: NcclFigure[] = [];
  for (const place of [0, 1]) {
    const flows = open(call, ranks, size);
    try {
      const rate = flows.filter((_, index) => index % 2 === 0).reduce((sum, flow) => sum + flow.rate, 0);
      if (rate === 0) return [];
      const bus = (rate / 8) * wobble(test.name, step * 2 + place, 0.003);
      const algorithm = bus / test.bus(ranks.length);
      const time = size / (algorithm * 1000);
      const seconds = (time * (given.iterations + given.warmup)) / 1e6;
      if (!(await pass(call, seconds, seconds * 2 * given.sizes.length))) return undefined;
      figures.push({ time, algorithm, bus });
    } finally {
      for (const flow of flows) flow.stop();
    }
  }
  return figures;
}

/** What a ring of two moves: as much there as back, over every pair of devices, or over one socket. */
function open(
  call: LiveCall,
  [first, second]: readonly [Rank<NcclOffer>, Rank<NcclOffer>],
  size: number,
): Flow[] {
  const part = partOf(size);
  if (first.offer.rdma.length > 0 && second.offer.rdma.length > 0) {
    const rails = railsBetween(first.offer.rdma, second.offer.rdma);
    return rails.flatMap((ends) => thereAndBack(call, ends, part));
  }
  const [here, there] = [first.offer.socket, second.offer.socket];
  if (here === undefined || there === undefined) return [];
  return [
    [here, there],
    [there, here],
  ].map((way) => socketFlow(call, way as [FarEnd, FarEnd], part));
}

function thereAndBack(call: LiveCall, ends: Ends, part: number): Flow[] {
  const alone = rdmaFlow(call, ends, { pairs: 4 });
  const most = alone.rate * part;
  alone.stop();
  return [false, true].map((reverse) => rdmaFlow(call, ends, { pairs: 4, reverse, most }));
}

function socketFlow({ machine }: LiveCall, [from, to]: [FarEnd, FarEnd], part: number): Flow {
  const wants = collectiveTcp * part;
  return machine.wire.flows.open({ from, to, medium: 'net', wants, seed: `sockets ${from.port.name}` });
}

/** Part of the links' rate that messages of a size reach, between the sizes that are known. */
function partOf(size: number): number {
  const above = collective.findIndex(([bytes]) => bytes >= size);
  const [most = 0, whole = 1] = collective.at(above < 0 ? -1 : above) ?? [];
  const [least, part] = collective[Math.max(0, above - 1)] ?? [most, whole];
  if (above <= 0 || most === least) return above === 0 ? (whole * size) / most : whole;
  return part + ((whole - part) * Math.log(size / least)) / Math.log(most / least);
}

/** One process: the data never leave the GPU. */
async function alone(
  call: LiveCall,
  test: NcclTest,
  given: NcclOptions,
  own: Rank<NcclOffer> | undefined,
): Promise<number> {
  await call.print(ncclHeading(test, given, own === undefined ? [] : [own]));
  for (const size of given.sizes) {
    const figure = { time: size / 110_000 + 4, algorithm: size / (size / 110 + 4000), bus: 0 };
    await call.print(ncclRow(test, size, 1, [figure, figure]));
  }
  await call.print(ncclEnding(test, 0));
  return 0;
}
