import { fail, program } from './support';

/** CUDA's compiler tells its version; make compiles without it. */
export const nvcc = program('nvcc', ({ args }) =>
  args.includes('--version') || args.includes('-V')
    ? 'nvcc: NVIDIA (R) Cuda compiler driver\nCopyright (c) 2005-2025 NVIDIA Corporation\nBuilt on Wed_Aug_20_01:58:59_PM_PDT_2025\nCuda compilation tools, release 13.0, V13.0.88\nBuild cuda_13.0.r13.0/compiler.36424714_0\n'
    : fail('nvcc fatal   : No input files specified; use option --help for more information'),
);
