/** A Debian package as far as the practice machines know it. */
export interface PackageInfo {
  readonly name: string;
  readonly version: string;
  readonly depends?: readonly string[];
  /** Commands of the machine that are there with the package only. */
  readonly programs?: readonly string[];
  /** Further files, empty ones. */
  readonly files?: readonly string[];
  /** Left out of what DGX OS 7.5 brings. */
  readonly extra?: true;
}

const mpi = '/usr/lib/aarch64-linux-gnu/openmpi';

/** Packages that matter here, with the versions of DGX OS 7.5; an archive has no others. */
export const packageList: readonly PackageInfo[] = [
  { name: 'avahi-utils', version: '0.8-13ubuntu6' },
  { name: 'build-essential', version: '12.10ubuntu1', depends: ['make', 'g++'] },
  { name: 'ethtool', version: '1:6.7-1build1' },
  { name: 'g++', version: '4:13.2.0-7ubuntu1' },
  { name: 'git', version: '1:2.43.0-1ubuntu7.3', programs: ['git'] },
  { name: 'iperf3', version: '3.16-1build2', programs: ['iperf3'] },
  { name: 'iproute2', version: '6.1.0-1ubuntu6.2' },
  { name: 'iputils-ping', version: '3:20240117-1ubuntu0.1' },
  { name: 'make', version: '4.3-4.1build2', programs: ['make'] },
  { name: 'netplan.io', version: '1.1.2-8ubuntu1~24.04.1' },
  { name: 'network-manager', version: '1.46.0-1ubuntu2.2' },
  { name: 'openssh-client', version: '1:9.6p1-3ubuntu13.14' },
  { name: 'openssh-server', version: '1:9.6p1-3ubuntu13.14' },
  {
    name: 'perftest',
    version: '24.01.0+0.38-1',
    programs: ['ib_write_bw', 'ib_write_lat', 'ib_read_bw', 'ib_read_lat', 'ib_send_bw', 'ib_send_lat'],
  },
  { name: 'rdma-core', version: '50.0-2ubuntu0.2' },
  { name: 'ufw', version: '0.36.2-6' },
  { name: 'libopenmpi3t64', version: '4.1.6-7ubuntu2', files: [`${mpi}/lib/libmpi.so`], extra: true },
  { name: 'openmpi-common', version: '4.1.6-7ubuntu2', extra: true },
  {
    name: 'openmpi-bin',
    version: '4.1.6-7ubuntu2',
    depends: ['libopenmpi3t64', 'openmpi-common'],
    programs: ['mpirun'],
    extra: true,
  },
  {
    name: 'libopenmpi-dev',
    version: '4.1.6-7ubuntu2',
    depends: ['libopenmpi3t64', 'openmpi-bin'],
    files: [`${mpi}/include/mpi.h`],
    extra: true,
  },
  { name: 'libucx0', version: '1.16.0+ds-5ubuntu1', extra: true },
  {
    name: 'ucx-utils',
    version: '1.16.0+ds-5ubuntu1',
    depends: ['libucx0'],
    programs: ['ucx_perftest', 'ucx_info'],
    extra: true,
  },
];
