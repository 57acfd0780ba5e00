import { Buffer } from 'node:buffer';
import type { Caller } from '../machine/node-model';
import { endGroup } from './end-group';
import { appEnv, type Serving } from './serving';
import { runStreaming } from './run-streaming';
import { endedGroup, evaluated, frameLine } from './shell-lines';

/**
 * The root shell of a connection: reads a frame, a script and its input, runs the script, and closes the frame on both
 * streams. At the end of the input nothing more is run. Resolves with the shell's exit status.
 */
export async function serveRootShell(serving: Serving, root: Caller, hello: string): Promise<number> {
  const { input, output } = serving;
  await output.write('stdout', `${hello}\n`);
  for (;;) {
    const first = await input.line();
    const text = first === undefined ? undefined : await input.line();
    if (first === undefined || text === undefined) return 0;
    const frame = frameLine(first);
    if (frame === undefined) {
      await output.write('stderr', 'practice: this is no frame of the app\n');
      return 127;
    }
    const encoded = frame.inputLength === undefined ? Buffer.alloc(0) : await input.bytes(frame.inputLength);
    // Input that was cut off runs nothing.
    if (encoded === undefined) return 255;
    const stdin = Buffer.from(encoded.toString('latin1'), 'base64');
    const code = await runFrame(serving, root, evaluated(text), stdin);
    await output.write('stderr', `${frame.nonce}\n`);
    await output.write('stdout', `${frame.nonce} ${code}\n`);
  }
}

async function runFrame(serving: Serving, caller: Caller, script: string, stdin: Buffer): Promise<number> {
  const { machine, output } = serving;
  const process = machine.processes.start();
  try {
    await output.write('stdout', `${process.pid}\n`);
    const group = endedGroup(script);
    if (group !== undefined) return await endGroup(machine.processes, group);
    const code = await runStreaming(serving, process, { caller, script, stdin, env: appEnv });
    return process.endedBy === null ? code : 128 + signalNumber(process.endedBy);
  } finally {
    process.end();
  }
}

function signalNumber(name: string): number {
  return ({ HUP: 1, INT: 2, KILL: 9 } as Record<string, number>)[name] ?? 15;
}
