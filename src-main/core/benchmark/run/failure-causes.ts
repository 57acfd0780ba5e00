import type { FailureInfo } from '../../../contract/failure';
import { message } from '../../../contract/message';

type Causes = NonNullable<FailureInfo['causes']>;

/** What tools say, and what is behind it. The first that fits counts. */
const known: readonly { readonly says: RegExp; readonly cause: string }[] = [
  {
    says: /Couldn't allocate MR|ibv_reg_mr.*failed|Couldn't allocate memory|failed to register.*memory/i,
    cause: 'memlock',
  },
  {
    says: /IB device .* not found|Unable to find the Infiniband\/RoCE device|Did not detect devices|no usable transports|network device .* is not available|Destination is unreachable/,
    cause: 'no-device',
  },
  { says: /Address already in use|Couldn't listen to port/, cause: 'port-taken' },
  {
    says: /Permission denied \(|Host key verification failed|ORTE was unable to reliably start/,
    cause: 'peer-login',
  },
  { says: /out of memory|Cuda failure/i, cause: 'gpu-memory' },
  {
    says: /Failed to modify QP .* to RTR|Unable to Connect the HCA|transport retry counter exceeded|status 12:/,
    cause: 'no-rdma-way',
  },
  {
    says: /Connection refused|Connection timed out|No route to host|Network is unreachable|unable to connect|Couldn't connect|Unable to init the socket|failed to connect/i,
    cause: 'no-way',
  },
  {
    says: /closed unexpectedly|Connection reset by peer|Broken pipe|Remote connection lost/i,
    cause: 'other-side-ended',
  },
];

/** Likely causes of a tool's failure, from its own words. */
export function causesOf(said: string): Causes {
  const found = known.find(({ says }) => says.test(said));
  if (found === undefined) return [];
  return [{ cause: message(`bench.cause.${found.cause}`), remedy: message(`bench.remedy.${found.cause}`) }];
}
