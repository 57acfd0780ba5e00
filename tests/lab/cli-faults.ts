import { Argument } from 'commander';
import type { Command, Option } from 'commander';

import { Lab } from './lab';
import type { Half, Port, Side } from './plan';

type State = { state: string };

/** Adds `fault …` to the command line of the lab. */
export function addFaultCommands(
  program: Command,
  stateOption: () => Option,
  sideOf: (word: string) => Side,
): void {
  const fault = program.command('fault').description('makes something go wrong for real, or ends it');
  const node = (name: string, what: string) =>
    fault.command(`${name} <node>`).description(what).addOption(stateOption());
  const onOff = () => new Argument('<state>').choices(['on', 'off']);

  node('sshd-kill', 'kills sshd and every session; systemd starts it again')
    .option('--no-restart', 'it stays away until sshd-start')
    .action((side: string, flags: State & { restart: boolean }) =>
      Lab.open(flags.state).fault.sshdKill(sideOf(side), { restart: flags.restart }),
    );
  node('sshd-stop', 'refuses new connections, leaves sessions').action((side: string, flags: State) =>
    Lab.open(flags.state).fault.sshdStop(sideOf(side)),
  );
  node('sshd-start', 'ends sshd-stop').action((side: string, flags: State) =>
    Lab.open(flags.state).fault.sshdStart(sideOf(side)),
  );
  node('power-cut', 'pulls the plug').action((side: string, flags: State) =>
    Lab.open(flags.state).cutPower(sideOf(side)),
  );
  node('power-on', 'boots the same disk again').action((side: string, flags: State) =>
    Lab.open(flags.state).start(sideOf(side)),
  );
  node('host-key-change', 'gives the node new ssh host keys').action((side: string, flags: State) =>
    Lab.open(flags.state).fault.hostKeyChange(sideOf(side)),
  );
  node('freeze', 'stops every process of the node').action((side: string, flags: State) =>
    Lab.open(flags.state).fault.freeze(sideOf(side)),
  );
  node('unfreeze', 'ends freeze').action((side: string, flags: State) =>
    Lab.open(flags.state).fault.unfreeze(sideOf(side)),
  );
  node('etc-readonly', 'makes /etc read-only')
    .addArgument(onOff())
    .action((side: string, state: string, flags: State) =>
      Lab.open(flags.state).fault.etcReadonly(sideOf(side), state === 'on'),
    );
  node('disk-full', 'leaves no space under a folder')
    .argument('<path>')
    .addArgument(onOff())
    .action((side: string, path: string, state: string, flags: State) =>
      Lab.open(flags.state).fault.diskFull(sideOf(side), path, state === 'on'),
    );
  node('foreign-netplan', "drops NVIDIA Sync's netplan file for the cabled ports")
    .option('--apply', 'and applies it')
    .action((side: string, flags: State & { apply?: boolean }) =>
      Lab.open(flags.state).fault.foreignNetplan(sideOf(side), { apply: flags.apply === true }),
    );
  for (const way of ['out', 'in'] as const) {
    fault
      .command(`cable-${way}`)
      .description(way === 'out' ? 'pulls one half of the cable, or both' : 'plugs it back in')
      .addArgument(new Argument('<half>').choices(['a', 'b', 'both']))
      .addArgument(new Argument('[port]', 'all cables when not named').choices(['0', '1']))
      .addOption(stateOption())
      .action((half: Half | 'both', port: string | undefined, flags: State) => {
        const lab = Lab.open(flags.state);
        const which = port === undefined ? undefined : (Number(port) as Port);
        return way === 'out' ? lab.fault.cableOut(half, which) : lab.fault.cableIn(half, which);
      });
  }
}
