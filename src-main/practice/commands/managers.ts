import type { Host } from '../machine/host';
import type { Interface } from '../machine/interfaces';
import { fail, options, program, type Call } from './support';

/** A port's state as NetworkManager calls it. */
export function nmState({ network }: Host, port: Interface): string {
  if (port.profile?.renderer === 'networkd') return 'unmanaged';
  const given = network.addresses(port).some(({ by, family }) => by === 'hand' && family === 'inet');
  if (port.kind === 'loopback' || port.kind === 'bridge') return 'connected (externally)';
  if (!network.carrier(port)) return 'unavailable';
  if (port.active && (port.profile?.netplan === true || port.kind === 'rj45')) return 'connected';
  return given ? 'connected (externally)' : 'disconnected';
}

function connectionName(host: Host, port: Interface): string {
  const state = nmState(host, port);
  if (port.kind === 'loopback' || port.kind === 'bridge') return port.name;
  if (!state.startsWith('connected')) return '';
  return port.profile?.netplan === true
    ? `netplan-${port.name}`
    : port.kind === 'rj45'
      ? 'Wired connection 1'
      : port.name;
}

const types = { loopback: 'loopback', rj45: 'ethernet', cx7: 'ethernet', bridge: 'bridge' } as const;

export const nmcli = program('nmcli', (call) => {
  if (!call.machine.systemd.isActive('NetworkManager.service'))
    fail('Error: NetworkManager is not running.', 8);
  const { flags, values, rest } = options('nmcli', call.args, {
    short: 'tpf:ng:w:a',
    long: { terse: 't', 'fields:': 'f', 'get-values:': 'g' },
  });
  const [object = 'device', verb = 'status', name] = rest;
  const { machine } = call;
  const wanted = (values.get('g') ?? values.get('f'))?.toUpperCase().split(',');
  if ('device'.startsWith(object) && ['status', 'show'].some((one) => one.startsWith(verb))) {
    const ports = machine.network.interfaces.filter((one) => name === undefined || one.name === name);
    const rows = ports.map((port) => ({
      DEVICE: port.name,
      TYPE: types[port.kind],
      STATE: nmState(machine, port),
      CONNECTION: connectionName(machine, port) || '--',
    }));
    return table(
      rows,
      wanted ?? ['DEVICE', 'TYPE', 'STATE', 'CONNECTION'],
      flags.has('t') || values.has('g'),
    );
  }
  if ('connection'.startsWith(object) && 'show'.startsWith(verb)) {
    const rows = machine.network.interfaces
      .filter((port) => connectionName(machine, port) !== '')
      .map((port) => ({ NAME: connectionName(machine, port), TYPE: types[port.kind], DEVICE: port.name }));
    return table(rows, wanted ?? ['NAME', 'TYPE', 'DEVICE'], flags.has('t') || values.has('g'));
  }
  if ('general'.startsWith(object))
    return 'STATE      CONNECTIVITY  WIFI-HW  WIFI     WWAN-HW  WWAN\nconnected  full          enabled  enabled  missing  enabled\n';
  return fail(`Error: argument '${object} ${verb}' is not known to this practice machine.`, 2);
});

function table(rows: readonly Record<string, string>[], columns: readonly string[], terse: boolean): string {
  const cell = (row: Record<string, string>, column: string) => row[column] ?? '';
  if (terse)
    return rows
      .map(
        (row) =>
          `${columns.map((column) => cell(row, column).replace('--', '').replace(/[\\:]/g, '\\$&')).join(':')}\n`,
      )
      .join('');
  const all = [Object.fromEntries(columns.map((column) => [column, column])), ...rows];
  const widths = columns.map((column) => Math.max(...all.map((row) => cell(row, column).length)) + 2);
  return all
    .map((row) => `${columns.map((column, at) => cell(row, column).padEnd(widths[at] ?? 0)).join('')}\n`)
    .join('');
}

export const networkctl = program('networkctl', (call) => {
  const { machine } = call;
  const { flags, rest } = options('networkctl', call.args, {
    short: 'al',
    long: { 'no-legend': 'n', 'no-pager': 'p', all: 'a' },
  });
  const [verb = 'list', ...names] = rest;
  const active = machine.systemd.isActive('systemd-networkd.service');
  if (!['list', 'status', 'reload', 'reconfigure', 'up', 'down'].includes(verb))
    fail(`Unknown command verb ${verb}.`);
  if (verb === 'reload' || verb === 'reconfigure') return applyAgain(call, active);
  const ports = machine.network.interfaces.filter((port) => names.length === 0 || names.includes(port.name));
  const rows = ports.map((port) => {
    const own = active && port.profile?.renderer === 'networkd';
    const carrier = machine.network.carrier(port);
    const operational =
      port.kind === 'loopback'
        ? 'carrier'
        : !port.up
          ? 'off'
          : !carrier
            ? 'no-carrier'
            : machine.network.addresses(port).some(({ scope }) => scope === 'global')
              ? 'routable'
              : 'degraded';
    const setup = own ? (port.active ? 'configured' : 'configuring') : 'unmanaged';
    const kind = port.kind === 'loopback' ? 'loopback' : port.kind === 'bridge' ? 'bridge' : 'ether';
    return [String(port.index).padStart(3), port.name, kind, operational, setup];
  });
  const widths = [3, 15, 8, 11, 10];
  const text = (row: readonly string[]) =>
    `${row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(' ')
      .trimEnd()}\n`;
  const legend = flags.has('n') ? '' : text(['IDX', 'LINK', 'TYPE', 'OPERATIONAL', 'SETUP']);
  return legend + rows.map(text).join('') + (flags.has('n') ? '' : `\n${rows.length} links listed.\n`);
});

function applyAgain(call: Call, active: boolean): string {
  if (!call.caller.root) fail('Failed to reload network settings: Access denied');
  if (!active) fail('Failed to reload network settings: Unit systemd-networkd.service not found.');
  call.machine.network.settle();
  return '';
}
