import { gidTable, gidText } from '../machine/gids';
import { board, cxFunctions, firmware, guidOf, type CxFunction } from '../machine/hardware';
import type { Interface } from '../machine/interfaces';
import { fail, options, program, type Call } from './support';

interface Device {
  readonly cx: CxFunction;
  readonly port: Interface;
  readonly active: boolean;
  readonly guid: string;
}

function devices({ machine }: Call): Device[] {
  return cxFunctions.flatMap((cx) => {
    const port = machine.network.find(cx.netdev);
    return port ? [{ cx, port, active: machine.network.carrier(port), guid: guidOf(port.mac) }] : [];
  });
}

/** Those that a program finds that wants to open them. */
function openable(call: Call): Device[] {
  return call.machine.effects.rdmaUnusable ? fail('No IB devices found', 255) : devices(call);
}

/** By their names, as the tools of MLNX_OFED and rdma-core list them. */
function sorted(call: Call): Device[] {
  return devices(call).sort((a, b) => (a.cx.rdma < b.cx.rdma ? -1 : 1));
}

export const ibdev2netdev = program('ibdev2netdev', (call) =>
  sorted(call)
    .map(({ cx, active }) => `${cx.rdma} port 1 ==> ${cx.netdev} (${active ? 'Up' : 'Down'})\n`)
    .join(''),
);

export const ibvDevices = program('ibv_devices', (call) => {
  const rows = (call.machine.effects.rdmaUnusable ? [] : devices(call)).map(
    ({ cx, guid }) => `    ${cx.rdma.padEnd(16)}\t${guid.replaceAll(':', '')}\n`,
  );
  return `    device          \t   node GUID\n    ------          \t----------------\n${rows.join('')}`;
});

export const ibvDevinfo = program('ibv_devinfo', (call) => {
  const { values } = options('ibv_devinfo', call.args, {
    short: 'd:i:lv',
    long: { 'ib-dev:': 'd', list: 'l' },
  });
  const name = values.get('d');
  const found = openable(call).filter(({ cx }) => name === undefined || cx.rdma === name);
  if (found.length === 0) fail(`IB device '${name ?? ''}' wasn't found`);
  const first = guidOf(call.machine.identity.cxMac);
  const blocks = found.map(({ cx, port, active, guid }) =>
    [
      `hca_id:\t${cx.rdma}`,
      '\ttransport:\t\t\tInfiniBand (0)',
      `\tfw_ver:\t\t\t\t${firmware}`,
      `\tnode_guid:\t\t\t${guid}`,
      `\tsys_image_guid:\t\t\t${first}`,
      '\tvendor_id:\t\t\t0x02c9',
      '\tvendor_part_id:\t\t\t4129',
      '\thw_ver:\t\t\t\t0x0',
      `\tboard_id:\t\t\t${board}`,
      '\tphys_port_cnt:\t\t\t1',
      '\t\tport:\t1',
      `\t\t\tstate:\t\t\t${active ? 'PORT_ACTIVE (4)' : 'PORT_DOWN (1)'}`,
      '\t\t\tmax_mtu:\t\t4096 (5)',
      `\t\t\tactive_mtu:\t\t${rdmaMtu(call.machine.network.mtu(port))}`,
      '\t\t\tsm_lid:\t\t\t0',
      '\t\t\tport_lid:\t\t0',
      '\t\t\tport_lmc:\t\t0x00',
      '\t\t\tlink_layer:\t\tEthernet',
      '',
    ].join('\n'),
  );
  return `${blocks.join('\n')}\n`;
});

function rdmaMtu(mtu: number): string {
  if (mtu >= 4200) return '4096 (5)';
  return mtu >= 2200 ? '2048 (4)' : '1024 (3)';
}

export const ibstat = program('ibstat', (call) => {
  const [name] = call.args.filter((word) => !word.startsWith('-'));
  const found = sorted(call).filter(({ cx }) => name === undefined || cx.rdma === name);
  if (found.length === 0) fail(`ibpanic: [4711] main: '${name ?? ''}' IB device can't be found`);
  if (call.args.includes('-l')) return found.map(({ cx }) => `${cx.rdma}\n`).join('');
  const first = guidOf(call.machine.identity.cxMac).replaceAll(':', '');
  return found
    .map(({ cx, active, guid }) => {
      const node = guid.replaceAll(':', '');
      return [
        `CA '${cx.rdma}'`,
        '\tCA type: MT4129',
        '\tNumber of ports: 1',
        `\tFirmware version: ${firmware}`,
        '\tHardware version: 0',
        `\tNode GUID: 0x${node}`,
        `\tSystem image GUID: 0x${first}`,
        '\tPort 1:',
        `\t\tState: ${active ? 'Active' : 'Down'}`,
        `\t\tPhysical state: ${active ? 'LinkUp' : 'Disabled'}`,
        `\t\tRate: ${active ? 200 : 40}`,
        '\t\tBase lid: 0',
        '\t\tLMC: 0',
        '\t\tSM lid: 0',
        '\t\tCapability mask: 0x00010000',
        `\t\tPort GUID: 0x${node.slice(0, 6)}fffe${node.slice(10)}`,
        '\t\tLink layer: Ethernet',
        '',
      ].join('\n');
    })
    .join('');
});

export const rdma = program('rdma', (call) => {
  const [object = 'dev'] = call.args.filter((word) => !word.startsWith('-'));
  const rows = devices(call);
  if ('link'.startsWith(object))
    return rows
      .map(({ cx, active }) => {
        const state = active ? 'ACTIVE physical_state LINK_UP' : 'DOWN physical_state DISABLED';
        return `link ${cx.rdma}/1 state ${state} netdev ${cx.netdev} \n`;
      })
      .join('');
  return rows
    .map(
      ({ cx, guid }, index) =>
        `${index}: ${cx.rdma}: node_type ca fw ${firmware} node_guid ${guid} sys_image_guid ${guidOf(call.machine.identity.cxMac)} \n`,
    )
    .join('');
});

/** What `show_gids` of MLNX_OFED prints for the addresses that the ports have. */
export const showGids = program('show_gids', (call) => {
  const rows = devices(call).flatMap(({ cx, port }) => {
    const table = gidTable(call.machine.network.addresses(port).map(({ local }) => local));
    return table.map(({ address, type }, index) => {
      const four = address.includes(':') ? '' : address;
      return [
        cx.rdma,
        '1',
        String(index),
        gidText(address),
        four,
        type === 'RoCE v2' ? 'v2' : 'v1',
        cx.netdev,
      ].join('\t');
    });
  });
  const head =
    'DEV\tPORT\tINDEX\tGID\t\t\t\t\tIPv4  \t\tVER\tDEV\n---\t----\t-----\t---\t\t\t\t\t------------  \t---\t---\n';
  return `${head}${rows.map((row) => `${row}\n`).join('')}n_gids_found=${rows.length}\n`;
});
