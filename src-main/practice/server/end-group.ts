import type { Processes } from '../shell/processes';

/** How long a command may take to notice a signal, in ms; a script that is busy does so at its next statement. */
const patienceMs = 2500;

/** What the app's script for ending a process group does. Exit status 0 when nothing of the group runs any more. */
export async function endGroup(processes: Processes, group: number): Promise<number> {
  processes.kill(group, 'TERM');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
  await Promise.race([processes.ended(group), late]);
  clearTimeout(timer);
  return processes.runs(group) ? 1 : 0;
}
