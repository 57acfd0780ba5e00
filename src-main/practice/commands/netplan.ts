import { stringify } from 'yaml';
import { NetplanError, readNetplan } from '../machine/netplan';
import { generateNetplan } from '../machine/netplan-generate';
import { nmState } from './managers';
import { fail, line, program, type Answer, type Call } from './support';

/** EX_CONFIG: netplan has refused a file and touched nothing. */
const REFUSED = 78;

function warned(warnings: readonly string[]): Answer {
  return {
    stdout: '',
    stderr: warnings.map((text) => `\n** (process:4711): WARNING **: ${text}\n`).join(''),
    exitCode: 0,
  };
}

function forRoot(call: Call, what: string): void {
  if (!call.caller.root) fail(`${what} must be run as root.`, 1);
}

/** Refused files are told as netplan tells them. */
function orRefused(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof NetplanError) return { stdout: '', stderr: line(error.message), exitCode: REFUSED };
    throw error;
  }
}

export const netplan = program('netplan', (call) => {
  const words = call.args.filter((word) => word !== '--debug');
  const [verb, ...rest] = words;
  const { files, network } = call.machine;
  switch (verb) {
    case 'apply':
      forRoot(call, 'netplan apply');
      return orRefused(() => warned(call.machine.applyNetplan()));
    case 'generate':
      forRoot(call, 'netplan generate');
      return orRefused(() => warned(generateNetplan(files, network.interfaces).warnings));
    case 'try':
      return fail(
        'netplan try waits for an Enter in a terminal, which this practice machine cannot take: use netplan apply.',
      );
    case 'get': {
      if (!call.caller.root) fail('PermissionError: [Errno 13] Permission denied');
      return orRefused(() => get(readNetplan(files, network.interfaces).merged, rest[0] ?? 'all'));
    }
    case 'status':
      return status(call);
    default:
      return fail(
        'usage: netplan [-h] [--debug] {apply,generate,get,status,try} ...\nnetplan: error: argument command: invalid choice',
        2,
      );
  }
});

function get(merged: unknown, key: string): string {
  const path = key === 'all' ? [] : key.split('.');
  let at: unknown =
    path[0] === 'network' || path.length === 0 ? merged : (merged as { network?: unknown }).network;
  for (const part of path)
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
  if (at === undefined) return 'null\n';
  return stringify(at);
}

function status(call: Call): string {
  const { network } = call.machine;
  const blocks = network.interfaces.map((port) => {
    const kind = { loopback: 'loopback', rj45: 'ethernet', cx7: 'ethernet', bridge: 'bridge' }[port.kind];
    const manager =
      nmState(call.machine, port) === 'unmanaged' ? 'unmanaged' : (port.profile?.renderer ?? 'unmanaged');
    const addresses = network.addresses(port).map(({ local, prefix }) => `${local}/${prefix}`);
    const state = network.carrier(port) ? 'UP' : 'DOWN';
    return [
      `●  ${port.index}: ${port.name} ${kind} ${state} (${manager})`,
      ...(port.kind === 'loopback' ? [] : [`      MAC Address: ${port.mac}`]),
      ...addresses.map((text, index) => `${(index === 0 ? 'Addresses: ' : '').padStart(19)}${text}`),
    ].join('\n');
  });
  return `     Online state: online\n\n${blocks.join('\n\n')}\n`;
}

/** `/usr/libexec/netplan/generate --root-dir DIR`: what netplan would write, in a tree of its own. */
export const netplanGenerator = program('netplan-generator', (call) => {
  const at = call.args.indexOf('--root-dir');
  const root = at < 0 ? '' : call.path(call.args[at + 1] ?? '/');
  return orRefused(() => {
    generateNetplan(call.machine.files, call.machine.network.interfaces, root);
    return '';
  });
});
