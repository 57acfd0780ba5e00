import type { Process } from '../shell/processes';
import type { RunRequest } from '../shell/run-context';
import { runShell } from '../shell/run-shell';
import { liveLine, runLiveLine } from './live-line';
import type { Serving } from './serving';

/**
 * Runs a script and passes on what it prints: line by line where it is one program that prints while it runs, else in
 * the end. It goes on when the connection is lost, as without a terminal it does.
 */
export async function runStreaming(
  { machine, output }: Serving,
  process: Process,
  request: Omit<RunRequest, 'process'>,
): Promise<number> {
  const { node } = machine;
  const live = liveLine(request.script, (name) => node.isLive(name));
  if (live !== undefined) {
    return runLiveLine(machine, request.caller, process, live, {
      shellEnv: request.env ?? {},
      print: (text) => output.write('stdout', text),
      complain: (text) => output.write('stderr', text),
    });
  }
  const { code, stdout, stderr } = await runShell(machine, { ...request, process });
  await output.write('stdout', stdout, process.signal);
  await output.write('stderr', stderr, process.signal);
  return code;
}
