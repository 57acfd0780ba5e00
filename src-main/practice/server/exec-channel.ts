import { Buffer } from 'node:buffer';
import type { ServerChannel } from 'ssh2';
import type { Caller } from '../machine/node-model';
import type { Machine } from '../shell/run-context';
import type { Process } from '../shell/processes';
import { ChannelInput, ChannelOutput } from './channel-io';
import { runStreaming } from './run-streaming';
import { serveRootShell } from './root-shell';
import { endGroup } from './end-group';
import { appEnv, type Serving } from './serving';
import { endedGroup, readyNonce, shellLine } from './shell-lines';

const missingInput = 255;

/**
 * Serves an exec request: a shell of the app that waits for one line, or any command. A command's standard input is
 * empty: there is no way to give the in-memory shell a stream.
 */
export async function serveExec(
  machine: Machine,
  caller: Caller,
  request: string,
  channel: ServerChannel,
): Promise<void> {
  channel.on('error', () => undefined);
  const input = new ChannelInput(channel);
  const output = new ChannelOutput(channel);
  const serving: Serving = { machine, caller, input, output };
  const process = machine.processes.start();
  try {
    const nonce = readyNonce(request);
    const code =
      nonce === undefined
        ? await runStreaming(serving, process, { caller, script: request })
        : await waitingShell(serving, process, nonce);
    await output.end(process.endedBy === null ? { code } : { signal: process.endedBy });
  } finally {
    process.end();
  }
}

/** A shell that says hello, takes one line and does what it says. */
async function waitingShell(serving: Serving, process: Process, nonce: string): Promise<number> {
  const { caller, input, output } = serving;
  await output.write('stderr', `${nonce}\n`);
  await output.write('stdout', `${nonce} ${process.pid}\n`);
  const text = await untilEnded(input.line(), process.signal);
  if (text === undefined) return 0;
  const line = shellLine(text);
  switch (line.kind) {
    case 'sudo':
      return sudo(serving, line);
    case 'dispatcher':
      return serveRootShell(serving, caller, line.hello);
    case 'script': {
      const group = endedGroup(line.script);
      if (group !== undefined) return endGroup(serving.machine.processes, group);
      const { script, inputLength } = line;
      if (inputLength === undefined) return runStreaming(serving, process, { caller, script, env: appEnv });
      const encoded = await untilEnded(input.bytes(inputLength), process.signal);
      if (encoded === undefined) return missingInput;
      const stdin = Buffer.from(encoded.toString('latin1'), 'base64');
      return runStreaming(serving, process, { caller, script, stdin, env: appEnv });
    }
  }
}

/** A value, or undefined when the signal comes first. */
function untilEnded<T>(value: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void value.then((got) => {
      signal.removeEventListener('abort', stop);
      resolve(got);
    });
  });
}

const tries = 3;

/** `sudo -S -p PROMPT`: asks on stderr, reads standard input, and becomes a root shell. */
async function sudo(serving: Serving, line: { prompt: string; hello: string }): Promise<number> {
  const { machine, caller, input, output } = serving;
  const { node } = machine;
  const rule = caller.root ? 'nopasswd' : node.sudoRule(caller.user);
  for (let attempt = 1; rule !== 'nopasswd'; attempt++) {
    await output.write('stderr', line.prompt);
    const given = await input.line();
    if (given === undefined) {
      await output.write('stderr', '\nsudo: no password was provided\n');
      return 1;
    }
    if (node.checkPassword(caller.user, given)) break;
    if (attempt === tries) {
      await output.write('stderr', `sudo: ${tries} incorrect password attempts\n`);
      return 1;
    }
    await output.write('stderr', 'Sorry, try again.\n');
  }
  if (rule === 'none') {
    await output.write('stderr', `${caller.user} is not in the sudoers file.\n`);
    return 1;
  }
  return serveRootShell(serving, { user: caller.user, uid: 0, root: true }, line.hello);
}
