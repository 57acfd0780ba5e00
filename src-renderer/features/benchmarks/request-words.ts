import type { BenchRequest } from '../../api/types';
import type { WordsState } from '../../state/words.svelte';

type Sayer = Pick<WordsState, 'say' | 'bytes' | 'has'>;

/** How something is measured in a few words: "half A · 4 streams · 5 s". */
export function requestWords(request: BenchRequest, words: Sayer): string {
  const parts = [words.say(`window.bench.halves.${request.halves}`)];
  const add = (code: string, params: Record<string, string | number> = {}) =>
    void parts.push(words.say(`window.bench.request.${code}`, params));
  if ('operation' in request) add(`operation.${request.operation}`);
  if ('direction' in request && request.direction !== 'forward') add(`direction.${request.direction}`);
  switch (request.tool) {
    case 'ping':
      add('count', { count: request.count });
      break;
    case 'iperf3':
      add('streams', { count: request.streams });
      add('seconds', { count: request.seconds });
      break;
    case 'ib_write_bw':
      add('pairs', { count: request.streams });
      addSizes(request.sizes);
      break;
    case 'ib_write_lat':
    case 'ib_read_lat':
      addSizes(request.sizes);
      break;
    case 'ucx_perftest':
      addSizes(request.size);
      break;
    case 'nccl':
      if (request.toBytes === null) add(request.fromBytes === null ? 'largest' : 'sweep-largest');
      else addSizes(request.toBytes);
      break;
  }
  return parts.join(' · ');

  function addSizes(sizes: number | 'all'): void {
    if (sizes === 'all') add('all-sizes');
    else parts.push(words.bytes(sizes));
  }
}
