import { cxFunctions, firmware } from '../machine/hardware';
import { speedOf } from '../machine/sysfs';
import { fail, options, program, type Call } from './support';

export const ethtool = program('ethtool', (call) => {
  const { flags, rest } = options('ethtool', call.args, {
    short: 'iSkmPga',
    long: { driver: 'i', statistics: 'S', 'show-module': 'm', 'module-info': 'm' },
  });
  const [name = ''] = rest;
  if (name === '') fail('ethtool: bad command line argument(s)\nFor more information run ethtool -h');
  const { machine } = call;
  const port =
    machine.network.find(name) ??
    fail(`netlink error: no device matches name (offset 24)\nnetlink error: No such device`, 75);
  const fast = port.kind === 'cx7';
  if (flags.has('i'))
    return [
      `driver: ${fast ? 'mlx5_core' : 'r8127'}`,
      'version: 6.17.0-1008-nvidia',
      `firmware-version: ${fast ? `${firmware} (NVD0000000087)` : ''}`,
      `bus-info: ${port.cx?.slot ?? '0007:01:00.0'}`,
      'supports-statistics: yes',
      '',
    ].join('\n');
  if (flags.size > 0) fail('netlink error: Operation not supported', 75);
  const speed = speedOf(machine.network, port);
  const known = speed > 0;
  return [
    `Settings for ${name}:`,
    ...(fast
      ? [
          '\tSupported ports: [ FIBRE ]',
          '\tSupported link modes:   25000baseCR/Full',
          '\t                        100000baseCR4/Full',
          '\t                        200000baseCR4/Full',
        ]
      : [
          '\tSupported ports: [ TP ]',
          '\tSupported link modes:   1000baseT/Full',
          '\t                        10000baseT/Full',
        ]),
    '\tSupports auto-negotiation: Yes',
    `\tSpeed: ${known ? `${speed}Mb/s` : 'Unknown!'}`,
    `\tDuplex: ${known ? 'Full' : 'Unknown! (255)'}`,
    '\tAuto-negotiation: on',
    `\tPort: ${fast ? 'Direct Attach Copper' : 'Twisted Pair'}`,
    `\tLink detected: ${machine.network.carrier(port) ? 'yes' : 'no'}`,
    '',
  ].join('\n');
});

const others = [
  '0007:00:00.0 PCI bridge: NVIDIA Corporation Device 22d0',
  '0007:01:00.0 Ethernet controller: Realtek Semiconductor Co., Ltd. RTL8127 10GbE Controller (rev 05)',
  '0009:01:00.0 Network controller: MEDIATEK Corp. MT7925 802.11be 160MHz 2x2 PCIe Wireless Network Adapter [Filogic 360]',
  '000f:01:00.0 VGA compatible controller: NVIDIA Corporation GB20B [GB10] (rev a1)',
];

export const lspci = program('lspci', (call) => {
  const { flags, values } = options('lspci', call.args, { short: 'vnkDtmd:s:', long: {} });
  const vendor = values.get('d')?.split(':')[0];
  const slot = values.get('s');
  const fast = cxFunctions.map(
    ({ slot: at }) => `${at} Ethernet controller: Mellanox Technologies MT2910 Family [ConnectX-7]`,
  );
  const shown = [
    ...(vendor === undefined || vendor === '15b3' ? fast : []),
    ...(vendor === undefined ? others : []),
  ]
    .filter((text) => slot === undefined || text.split(' ')[0]?.endsWith(slot) === true)
    .sort();
  return shown.map((text) => (flags.has('v') ? `${text}\n${details(call, text)}\n` : `${text}\n`)).join('');
});

/** The lines of `lspci -vv` that tell of the PCIe link; only root sees capabilities. */
function details(call: Call, text: string): string {
  if (!call.caller.root) return '\tCapabilities: <access denied>\n';
  if (!text.includes('Mellanox')) return '\tKernel driver in use: pcieport\n';
  const { lanes } = call.machine.effects;
  return [
    '\tSubsystem: Mellanox Technologies Device 0087',
    '\t\tLnkCap:\tPort #0, Speed 32GT/s, Width x4, ASPM not supported',
    `\t\tLnkSta:\tSpeed 32GT/s, Width x${lanes}${lanes < 4 ? ' (downgraded)' : ''}`,
    '\tKernel driver in use: mlx5_core',
    '',
  ].join('\n');
}

const driver = '580.126.09';

export const nvidiaSmi = program('nvidia-smi', (call) => {
  const query = call.args.find((word) => word.startsWith('--query-gpu='));
  if (query !== undefined) {
    const format = call.args.find((word) => word.startsWith('--format=')) ?? '';
    const fields: Record<string, string> = {
      name: 'NVIDIA GB10',
      'memory.total': '[N/A]',
      'memory.used': '[N/A]',
      'memory.free': '[N/A]',
      driver_version: driver,
      'temperature.gpu': '41',
      'utilization.gpu': format.includes('nounits') ? '0' : '0 %',
      'power.draw': format.includes('nounits') ? '4.31' : '4.31 W',
      uuid: 'GPU-00000000-0000-0000-0000-000000000000',
      index: '0',
      count: '1',
      compute_cap: '12.1',
      pstate: 'P8',
    };
    const names = query
      .slice('--query-gpu='.length)
      .split(',')
      .map((name) => name.trim());
    const unknown = names.find((name) => fields[name] === undefined);
    if (unknown !== undefined) fail(`Field "${unknown}" is not a valid field to query.`, 2);
    const head = format.includes('noheader') ? '' : `${names.join(', ')}\n`;
    return `${head}${names.map((name) => fields[name] ?? '').join(', ')}\n`;
  }
  if (call.args.some((word) => word.startsWith('--query-compute-apps'))) return '';
  if (call.args.includes('-L'))
    return 'GPU 0: NVIDIA GB10 (UUID: GPU-00000000-0000-0000-0000-000000000000)\n';
  return table(new Date(call.machine.now()));
});

function table(now: Date): string {
  const [day, date, month, year, time] = now.toUTCString().replace(',', '').split(' ');
  return `${day ?? ''} ${month ?? ''} ${(date ?? '').replace(/^0/, ' ')} ${time ?? ''} ${year ?? ''}
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI ${driver}             Driver Version: ${driver}     CUDA Version: 13.0     |
+-----------------------------------------+------------------------+----------------------+
| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |
| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |
|                                         |                        |               MIG M. |
|=========================================+========================+======================|
|   0  NVIDIA GB10                    On  |   0000000F:01:00.0 Off |                  N/A |
| N/A   41C    P8              4W /  N/A  | Not Supported          |      0%      Default |
|                                         |                        |                  N/A |
+-----------------------------------------+------------------------+----------------------+

+-----------------------------------------------------------------------------------------+
| Processes:                                                                              |
|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |
|        ID   ID                                                               Usage      |
|=========================================================================================|
|  No running processes found                                                             |
+-----------------------------------------------------------------------------------------+
`;
}
