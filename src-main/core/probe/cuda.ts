import { z } from 'zod';
import { raw } from '../shell/quote';
import { known, malformed, parser } from './parsed';
import { section } from './section';

/** The toolkit by its own file or compiler; without a toolkit, the newest CUDA that the driver supports. */
export const cudaSection = section(
  'cuda',
  'gpu',
  '/usr/local/cuda/version.json, nvcc --version, nvidia-smi',
  raw(
    [
      'if [ -f /usr/local/cuda/version.json ]; then cat /usr/local/cuda/version.json',
      'elif command -v nvcc >/dev/null; then nvcc --version',
      'else nvidia-smi; fi',
    ].join('\n'),
  ),
  { seconds: 8, maxBytes: 256 * 1024 },
);

const versionFile = z.object({ cuda: z.object({ version: z.string() }) });

/** The CUDA version from version.json (`13.0.2`), `nvcc --version` (`13.0.88`) or the table of nvidia-smi (`13.0`). */
export const parseCuda = parser<string>((text) => {
  const version = text.trimStart().startsWith('{')
    ? versionFile.parse(JSON.parse(text)).cuda.version
    : (/\brelease \d{1,3}\.\d{1,3}, V(\d[\d.]{1,20})/.exec(text)?.[1] ??
      /\bCUDA Version: {1,4}(\d[\d.]{1,20})/.exec(text)?.[1] ??
      '');
  return /^\d{1,3}(\.\d{1,8}){1,3}$/.test(version) ? known(version) : malformed('no CUDA version');
});
