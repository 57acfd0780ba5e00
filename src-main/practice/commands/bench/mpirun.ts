import type { Host } from '../../machine/host';
import type { Caller } from '../../machine/node-model';
import { quote } from '../../../core/shell/quote';
import { liveProgram, type LiveCall } from '../live';
import { fail } from '../support';
import { forgetJob, MpiJob, registerJob } from './mpi-job';
import { mpiOptions, rule, type MpiApp } from './mpirun-options';
import { addressOf } from './reach';

interface Process {
  readonly app: MpiApp;
  readonly machine: Host;
  readonly caller: Caller;
  readonly local: boolean;
}

/** Open MPI's launcher: reaches the other node by ssh, and gives the processes their places. */
export const mpirun = liveProgram('mpirun', async (call) => {
  const { apps, allowRoot } = mpiOptions(call.args);
  if (call.caller.root && !allowRoot)
    fail(
      `${rule}\nmpirun has detected an attempt to run as root.\n\nRunning as root is *strongly* discouraged as any mistake (e.g., in\ndefining TMPDIR) or bug can result in catastrophic damage to the OS\nfile system, leaving your system in an unusable state.\n${rule}`,
      1,
    );
  const processes: Process[] = [];
  for (const app of apps) {
    const slots = app.hosts.flatMap((host) => {
      const [name = '', count = '1'] = host.split(':');
      return Array.from({ length: Number(count) }, () => name);
    });
    const hosts = slots.length === 0 ? [call.machine.hostname()] : slots;
    for (const host of hosts.slice(0, app.count)) processes.push({ app, ...(await reached(call, host)) });
  }
  const over = new AbortController();
  const signal = AbortSignal.any([call.signal, over.signal]);
  const job = new MpiJob(processes.length, signal);
  const name = registerJob(job);
  try {
    const codes = await Promise.all(
      processes.map(async (process, rank) => {
        const code = await start({ ...call, signal }, process, { rank, size: processes.length, name });
        if (code !== 0) over.abort();
        return code;
      }),
    );
    const rank = codes.findIndex((code) => code !== 0);
    if (rank < 0) return 0;
    if (call.signal.aborted) return 1;
    const machine = processes[rank]?.machine;
    await call.complain(
      `${rule}\nPrimary job  terminated normally, but 1 process returned\na non-zero exit code. Per user-direction, the job has been aborted.\n${rule}\n${rule}\nmpirun detected that one or more processes exited with non-zero status, thus causing\nthe job to be terminated. The first process to do so was:\n\n  Process name: [[${name},1],${rank}]\n  Exit code:    ${codes[rank] ?? 1} (${machine?.hostname() ?? ''})\n${rule}\n`,
    );
    return codes[rank] ?? 1;
  } finally {
    forgetJob(name);
  }
});

/** The machine behind a host's name, and the account there. @throws Complaint where ssh does not let mpirun in */
async function reached(call: LiveCall, host: string): Promise<Omit<Process, 'app'>> {
  const { machine, caller } = call;
  const address = addressOf(call, host);
  const own = machine.network.interfaces.flatMap((port) => machine.network.addresses(port));
  if (address !== undefined && own.some(({ local }) => local === address))
    return { machine, caller, local: true };
  const ssh = await machine.run(
    caller,
    `ssh -o BatchMode=yes -o ConnectTimeout=10 ${quote(host)} command -v mpirun`,
  );
  const other = machine.wire.other(machine);
  const there = other?.account(caller.root ? 'root' : caller.user);
  if (ssh.exitCode === 0 && other !== undefined && there !== undefined)
    return { machine: other, caller: there, local: false };
  const said = ssh.exitCode === 255 ? ssh.stderr : 'bash: line 1: orted: command not found\n';
  return fail(
    `${said}${rule}\nORTE was unable to reliably start one or more daemons.\nThis usually is caused by:\n\n* not finding the required libraries and/or binaries on\n  one or more nodes. Please check your PATH and LD_LIBRARY_PATH\n  settings, or configure OMPI with --enable-orterun-prefix-by-default\n\n* lack of authority to execute on one or more specified nodes.\n  Please verify your allocation and authorities.\n${rule}`,
    1,
  );
}

async function start(
  call: LiveCall,
  { app, machine, caller, local }: Process,
  { rank, size, name }: { rank: number; size: number; name: string },
): Promise<number> {
  const exports = app.exports.map((given): [string, string] => {
    const [key = '', ...value] = given.split('=');
    return [key, value.length > 0 ? value.join('=') : (call.env[key] ?? '')];
  });
  const env = {
    ...(local ? call.env : agentEnv(call)),
    // What mpirun's own environment says of Open MPI goes along.
    ...Object.fromEntries(Object.entries(call.env).filter(([key]) => key.startsWith('OMPI_'))),
    ...Object.fromEntries(exports),
    OMPI_COMM_WORLD_RANK: String(rank),
    OMPI_COMM_WORLD_SIZE: String(size),
    OMPI_COMM_WORLD_LOCAL_RANK: '0',
    PMIX_NAMESPACE: name,
  };
  const [shell, option, text] = app.words;
  const script =
    shell === 'sh' && option === '-c' && text !== undefined ? text : app.words.map(quote).join(' ');
  const stream = {
    print: (part: string) => call.print(part),
    complain: (part: string) => call.complain(part),
  };
  const answer = await machine.run(caller, script, { env, signal: call.signal, stream });
  await stream.print(answer.stdout);
  await stream.complain(answer.stderr);
  return answer.exitCode;
}

/** Variables that the launch agent sets on the other node: `env NAME=VALUE… orted`. */
function agentEnv({ env }: LiveCall): Record<string, string> {
  const [first, ...words] = (env['OMPI_MCA_orte_launch_agent'] ?? '').split(' ');
  if (first !== 'env') return {};
  return Object.fromEntries(
    words.flatMap((word): [string, string][] => {
      const at = word.indexOf('=');
      return at > 0 ? [[word.slice(0, at), word.slice(at + 1)]] : [];
    }),
  );
}
