import { managementPort } from '../machine/hardware';
import { fail, options, program, type Call } from './support';

interface Service {
  readonly dev: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly name: string;
  readonly address: string;
}

/** SSH services that are announced on the ports of a machine: its own, and those of whoever is on the link. */
function services({ machine }: Call): Service[] {
  if (!machine.systemd.isActive('avahi-daemon.service')) return [];
  const { network, wire } = machine;
  return network.interfaces.flatMap((port) => {
    if (port.kind === 'loopback' || port.kind === 'bridge' || !network.carrier(port)) return [];
    const other = wire.other(machine);
    const far = port.kind === 'cx7' ? wire.farEnd(machine, port) : undefined;
    const office = other?.network.find(managementPort);
    const ends = [
      { host: machine, port },
      ...(far ? [{ host: far.machine, port: far.port }] : []),
      ...(port.kind === 'rj45' && other?.powered === true && office ? [{ host: other, port: office }] : []),
    ];
    return ends.flatMap(({ host, port: end }) =>
      host.network.addresses(end).map(({ local, family }): Service => {
        return {
          dev: port.name,
          family: family === 'inet' ? 'IPv4' : 'IPv6',
          name: host.hostname(),
          address: local,
        };
      }),
    );
  });
}

export const avahiBrowse = program('avahi-browse', (call) => {
  const { flags, rest } = options('avahi-browse', call.args, {
    short: 'prtavlkfcd:',
    long: { parsable: 'p', resolve: 'r', terminate: 't', all: 'a' },
  });
  const [type] = rest;
  if (type === undefined && !flags.has('a')) fail('Too few arguments');
  if (type !== undefined && type !== '_ssh._tcp') return '';
  const found = services(call);
  const lines = found.map(({ dev, family, name }) =>
    flags.has('p')
      ? `+;${dev};${family};${name};_ssh._tcp;local\n`
      : `+ ${dev.padEnd(6)} ${family} ${name.padEnd(48)} _ssh._tcp           local\n`,
  );
  if (!flags.has('r')) return lines.join('');
  const resolved = found.map(({ dev, family, name, address }) =>
    flags.has('p')
      ? `=;${dev};${family};${name};_ssh._tcp;local;${name}.local;${address};22;\n`
      : `= ${dev.padEnd(6)} ${family} ${name.padEnd(48)} _ssh._tcp           local\n   hostname = [${name}.local]\n   address = [${address}]\n   port = [22]\n   txt = []\n`,
  );
  return lines.join('') + resolved.join('');
});

export const avahiResolve = program('avahi-resolve', (call) => {
  const { rest } = options('avahi-resolve', call.args, { short: '46nav', long: { name: 'n', address: 'a' } });
  return rest
    .map((name) => {
      const address = call.machine.wire.resolve(call.machine, name);
      return address === undefined
        ? fail(`Failed to resolve host name '${name}': Timeout reached`)
        : `${name}\t${address}\n`;
    })
    .join('');
});
