import { label } from '../../probe/parsed';
import { bandwidth, decimal, isBandwidthUnit } from '../units';
import type { Draft } from './draft';
import { benchParser, type LineReader } from './tool';

/** What programs over NIXL's Python API print: the agent's log, transfers with their size and time, a throughput. */
export const nixl = benchParser('nixl', reading);

const NUMBER = '(\\d[\\d.,]{0,20})';
const COMPLETE = new RegExp(`^Transfer complete: ${NUMBER} (MB|GB|MiB|GiB) in ${NUMBER} (ms|us|s)$`);
const THROUGHPUT = new RegExp(
  `^(?:Throughput|Bandwidth)(?: \\([^)]{1,32}\\))?: ${NUMBER} (Gbps|Mbps|GB/s|MB/s|GiB/s|MiB/s)$`,
);
const sizes = { MB: 1e6, GB: 1e9, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;
const times = { us: 1, ms: 1e3, s: 1e6 } as const;

function reading(draft: Draft): LineReader {
  const { parameters } = draft;
  let transfer: { size: number; us: number } | null = null;
  return {
    line: (line, ended) => {
      const text = line.trim();
      const backend = /\bNIXL {1,4}INFO {1,8}.{0,80}\bBackend (\w{1,32}) was instantiated$/.exec(text)?.[1];
      if (backend !== undefined) parameters.backend = label(backend, 32);
      if (/\bNIXL {1,4}(?:INFO|DEBUG|WARN|WARNING|ERROR)\b/.test(text) || text.startsWith('NIXL agent')) {
        draft.recognised = true;
      }
      const peer = /^Connecting to (?:target|peer|initiator) at (\S{1,253}?)(?::\d{1,5})?$/.exec(text)?.[1];
      if (peer !== undefined && ended) parameters.peer = label(peer, 253);
      const operation = /^Starting (?:RDMA )?(READ|WRITE)\b/.exec(text)?.[1];
      if (operation !== undefined) parameters.operation = operation.toLowerCase();
      if (
        /^(?:Local|Remote) tensor: .{1,120} \(GPU\)$/.test(text) ||
        text.includes('GPU memory registration')
      ) {
        parameters.memory = 'VRAM';
      } else if (/^(?:Local|Remote) tensor: .{1,120} \(CPU\)$/.test(text)) parameters.memory ??= 'DRAM';
      const complete = COMPLETE.exec(text);
      if (complete !== null) {
        const size = decimal(complete[1] ?? '');
        const time = decimal(complete[3] ?? '');
        if (size !== null && time !== null) {
          draft.recognised = true;
          transfer = {
            size: Math.round(size * sizes[complete[2] as keyof typeof sizes]),
            us: Math.round(time * times[complete[4] as keyof typeof times] * 1e3) / 1e3,
          };
        }
        return;
      }
      const [, figure = '', unit = ''] = THROUGHPUT.exec(text) ?? [];
      const value = decimal(figure);
      if (value !== null && isBandwidthUnit(unit)) {
        const rate = bandwidth(value, unit);
        const latency = transfer === null ? {} : { latency: { averageUs: transfer.us } };
        draft.add({ id: 'main', axis: 'size' }, { x: transfer?.size ?? null, bandwidth: rate, ...latency });
        transfer = null;
        return;
      }
      if (/^(?:Initiator|Target) finished$|^Status: NIXL agent functional/.test(text)) {
        draft.recognised = true;
        if (draft.status === 'running') draft.status = 'done';
        return;
      }
      if (
        /\bnixl\w{0,40}(?:Error|Exception)\b|\bNIXL {1,4}ERROR\b|^Transfer failed\b|No module named 'nixl/.test(
          text,
        )
      ) {
        draft.fail(text);
      }
    },
  };
}
