/** Where NVIDIA's playbook builds NCCL and its tests, in the home of the account. */
export function ncclFolders(home: string): { readonly tests: string; readonly libraries: string } {
  return {
    tests: `${home}/nccl-tests/build`,
    libraries: [
      `${home}/nccl/build/lib`,
      '/usr/local/cuda/lib64',
      '/usr/lib/aarch64-linux-gnu/openmpi/lib',
    ].join(':'),
  };
}
