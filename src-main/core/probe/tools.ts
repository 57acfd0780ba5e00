import { sh } from '../shell/quote';
import { isPath, known, linesOf, malformed, parser } from './parsed';
import { section } from './section';

/** What the playbooks, benchmarks and guards may use. */
export const toolNames = [
  'netplan',
  'networkctl',
  'nmcli',
  'ufw',
  'iptables',
  'nft',
  'ip',
  'ethtool',
  'lspci',
  'ping',
  'ibdev2netdev',
  'ibv_devinfo',
  'ibstat',
  'ib_write_bw',
  'ib_write_lat',
  'ib_read_lat',
  'ucx_perftest',
  'iperf3',
  'mpirun',
  'nvidia-smi',
  'nvcc',
  'avahi-browse',
  'git',
  'make',
  'g++',
  'python3',
  'pip3',
  'docker',
  'ansible-playbook',
  'srun',
  'ssh',
  'ssh-keygen',
  'systemctl',
  'systemd-run',
  'flock',
  'timeout',
  'sha256sum',
  'base64',
] as const;

/** The shell looks each up itself: no process is started. */
export const toolsSection = section(
  'tools',
  'system',
  'command -v',
  sh`for t in ${toolNames}; do if command -v "$t" >/dev/null; then printf '%s ' "$t"; command -v "$t"; fi; done; echo end`,
  { maxBytes: 64 * 1024 },
);

/** Lines `name path`, then `end`. */
export const parseTools = parser<Record<string, string>>((text) => {
  const lines = linesOf(text);
  if (!lines.includes('end')) return malformed('the list is cut off');
  const tools = lines.flatMap((line): [string, string][] => {
    const space = line.indexOf(' ');
    const [name, path] = [line.slice(0, space), line.slice(space + 1)];
    return toolNames.some((tool) => tool === name) && isPath(path) ? [[name, path]] : [];
  });
  return known(Object.fromEntries(tools));
});
