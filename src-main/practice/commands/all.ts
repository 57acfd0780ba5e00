import type { Command } from 'just-bash';
import { chpasswd, groupadd, grpck, passwd, pwck, useradd, userdel, usermod } from './account-tools';
import { ethtool, lspci, nvidiaSmi } from './adapters';
import { iperf3 } from './bench/iperf3';
import { mpirun } from './bench/mpirun';
import { nccl } from './bench/nccl';
import { perftest } from './bench/perftest';
import { apt, aptGet, aptMark } from './apt';
import { avahiBrowse, avahiResolve } from './discovery';
import { find } from './find';
import { git } from './git';
import { getent, groups, id, whoami } from './identity';
import { ip } from './ip';
import { ls } from './listing';
import { install, ln, mkdir, mktemp, rmdir, touch } from './making';
import { make } from './make';
import { networkctl, nmcli } from './managers';
import { cp, mv, rm } from './moving';
import { netplan, netplanGenerator } from './netplan';
import { chgrp, chmod, chown } from './ownership';
import { dpkg, dpkgQuery, snap } from './packages';
import { ping } from './ping';
import { ibdev2netdev, ibstat, ibvDevices, ibvDevinfo, rdma, showGids } from './rdma';
import { ucxPerftest } from './bench/ucx-perftest';
import { asScriptCommand, type LiveProgram } from './live';
import { journalctl, systemctl, systemdRun } from './services';
import { ssh, sshKeyscan } from './ssh';
import { sshKeygen } from './ssh-keygen';
import { stat } from './stat';
import { asCommand, type Ground, type Program } from './support';
import {
  arch,
  date,
  df,
  free,
  hostname,
  hostnamectl,
  nproc,
  reboot,
  timedatectl,
  uname,
  uptime,
} from './system';
import { ufw } from './ufw';

/** Everything that a practice machine brings to a shell. */
const programs: readonly Program[] = [
  ...[chgrp, chmod, chown, cp, find, install, ln, ls, mkdir, mktemp, mv, rm, rmdir, stat, touch],
  ...[getent, groups, id, whoami],
  ...[chpasswd, groupadd, grpck, passwd, pwck, useradd, userdel, usermod],
  ...[ethtool, ip, netplan, netplanGenerator, networkctl, nmcli, ufw],
  ...[ibdev2netdev, ibstat, ibvDevices, ibvDevinfo, rdma, showGids],
  ...[arch, date, df, free, hostname, hostnamectl, nproc, reboot, timedatectl, uname, uptime],
  ...[lspci, nvidiaSmi],
  ...[journalctl, systemctl, systemdRun],
  ...[ssh, sshKeygen, sshKeyscan],
  ...[avahiBrowse, avahiResolve],
  ...[apt, aptGet, aptMark, dpkg, dpkgQuery, snap],
  ...[git, make],
];

/** Those that print while they run. */
const live: readonly LiveProgram[] = [iperf3, mpirun, ping, ucxPerftest, ...perftest];
export const livePrograms: ReadonlyMap<string, LiveProgram> = new Map(
  [...live, ...nccl].map((one) => [one.name, one]),
);

export const programNames: readonly string[] = [...programs, ...live].map(({ name }) => name);

export function machineCommands(ground: Ground): Command[] {
  return [
    ...programs.map((one) => asCommand(one, ground)),
    ...live.map((one) => asScriptCommand(one, ground)),
  ];
}
