import { message, type Message } from '../../../contract/message';

/** Why a test did not run to its end, by what was printed; NVIDIA's own rows of its troubleshooting table among them. */
export const explanations = [
  { id: 'missing', says: /the NCCL tests are not on this node|error while loading shared libraries/i },
  { id: 'waits', says: /did not end in time/ },
  {
    id: 'mpi-ssh',
    says: /permission denied|host key verification|ORTE (was unable|does not know)|unable to (reliably )?(start|launch)|daemon .* failed/i,
  },
  {
    id: 'mpi-interface',
    says: /no (usable|network) interface|oob_tcp_if_include|btl_tcp_if_include|not find .* interface/i,
  },
  { id: 'no-memory', says: /out of memory|cannot allocate memory|killed/i },
  {
    id: 'driver',
    says: /cuda (driver|failure)|no CUDA-capable device|driver version is insufficient|unhandled cuda error/i,
  },
  {
    id: 'bootstrap',
    says: /bootstrap|no socket interface|connection (refused|timed out|closed)|unhandled system error/i,
  },
] as const satisfies readonly { id: string; says: RegExp }[];

/** Causes with their remedies, the texts `nccl.cause.ID` and `nccl.cause.ID.remedy`; never none. */
export function explain(
  output: string,
  who: { node: string; peer: string; user: string },
): { cause: Message; remedy: Message }[] {
  const told = explanations.filter(({ says }) => says.test(output)).map(({ id }) => id);
  const ids = told.length > 0 ? told : ['unexplained'];
  return ids.slice(0, 3).map((id) => ({
    cause: message(`nccl.cause.${id}`, { ...who }),
    remedy: message(`nccl.cause.${id}.remedy`, { ...who }),
  }));
}
