import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { Command, Option } from 'commander';

import { addFaultCommands } from './cli-faults';
import { Lab } from './lab';
import type { Cables, LabOptions, Renderer, Side, Sudo } from './plan';
import { sides } from './plan';
import { defaultParent } from './state';

const defaultState = `${defaultParent}/cli`;

const program = new Command('lab')
  .description('two real nodes on this machine: boot them, break them, see exactly what changed')
  .showHelpAfterError();

const stateOption = () => new Option('--state <dir>', 'folder of the lab').default(defaultState);

type UpFlags = {
  renderer: Renderer;
  cables: Cables;
  users: string[];
  sudo: Sudo;
  login: 'password' | 'key';
  state: string;
  cache?: string;
};

program
  .command('up')
  .description('boots a fresh pair and leaves it running')
  .addOption(new Option('--renderer <name>').choices(['networkd', 'NetworkManager']).default('networkd'))
  .addOption(
    new Option('--cables <which>').choices(['port1', 'port0', 'both', 'mixed', 'none']).default('port1'),
  )
  .option('--users <names...>', 'one name for both nodes, or one each', ['nvidia'])
  .addOption(new Option('--sudo <how>').choices(['password', 'nopasswd', 'none']).default('password'))
  .addOption(new Option('--login <how>').choices(['password', 'key']).default('password'))
  .addOption(stateOption())
  .option('--cache <dir>', 'where the root file system is kept')
  .action(async (flags: UpFlags) => {
    const started = Date.now();
    const [first = 'nvidia', second] = flags.users;
    const options: LabOptions = {
      renderer: flags.renderer,
      cables: flags.cables,
      users: second === undefined ? first : [first, second],
      sudo: flags.sudo,
      login: flags.login,
      stateDir: flags.state,
      keep: true,
      say: (line) => console.error(line),
      ...(flags.cache === undefined ? {} : { cacheDir: flags.cache }),
    };
    mkdirSync(dirname(flags.state), { recursive: true, mode: 0o700 });
    const lab = await Lab.up(options);
    console.error(`both nodes are up after ${((Date.now() - started) / 1000).toFixed(1)} s`);
    printStatus(lab);
    console.log(`\n. ${lab.envFile}    # the passwords\n${lab.clusterFile}`);
  });

function printStatus(lab: Lab): void {
  for (const side of sides) {
    const node = lab.node(side);
    const power = lab.powered(side) ? `init ${node.pid ?? '?'}` : 'no power';
    console.log(`node ${side}  ${node.name}  ${node.user}@${node.host}  ${power}`);
  }
}

program
  .command('down')
  .description('ends the pair and removes everything it made')
  .addOption(stateOption())
  .option('--all', 'every lab of this machine')
  .action(async (flags: { state: string; all?: boolean }) => {
    if (flags.all === true) await Lab.sweep(true);
    else await Lab.open(flags.state).down();
  });

program
  .command('status')
  .addOption(stateOption())
  .action((flags: { state: string }) => printStatus(Lab.open(flags.state)));

program
  .command('reset')
  .description('both nodes back to fresh')
  .addOption(stateOption())
  .action(async (flags: { state: string }) => {
    const started = Date.now();
    await Lab.open(flags.state).reset();
    console.log(`fresh after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  });

function sideOf(word: string): Side {
  if (word === '1' || word === 'spark-5c2d') return 1;
  if (word === '2' || word === 'spark-bd26') return 2;
  throw new Error(`which node? 1 or 2, not ${word}`);
}

program
  .command('diff [node]')
  .description('exactly what is different between a node (or both) and its fresh state')
  .addOption(stateOption())
  .option('--json', 'structured, one object per node')
  .action(async (node: string | undefined, flags: { state: string; json?: boolean }) => {
    const lab = Lab.open(flags.state);
    for (const side of node === undefined ? sides : [sideOf(node)]) {
      const diff = await lab.diff(side);
      if (flags.json === true) console.log(JSON.stringify({ node: lab.node(side).name, ...diff }));
      else console.log(`== ${lab.node(side).name}\n${diff.text}`);
      if (!diff.empty) process.exitCode = 1;
    }
  });

program
  .command('exec <node> <script>')
  .description('runs a script as root inside a node')
  .addOption(stateOption())
  .action(async (node: string, script: string, flags: { state: string }) => {
    const result = await Lab.open(flags.state).exec(sideOf(node), script);
    process.stdout.write(result.stdout);
    process.stderr.write(result.stderr);
    process.exitCode = result.code ?? 1;
  });

addFaultCommands(program, stateOption, sideOf);

try {
  await program.parseAsync();
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause));
  process.exitCode = 1;
}
