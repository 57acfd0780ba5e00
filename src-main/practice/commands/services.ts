import { fail, options, program, Report, type Call } from './support';
import { quote } from '../../core/shell/quote';

function unitName(text: string): string {
  return /\.(service|timer|socket|target|mount|path|slice)$/.test(text) ? text : `${text}.service`;
}

export const systemctl = program('systemctl', async (call) => {
  const { flags, rest } = options('systemctl', call.args, {
    short: 'qlaft:n:',
    long: {
      quiet: 'q',
      'no-pager': 'p',
      'no-legend': 'L',
      all: 'a',
      now: 'N',
      'type:': 't',
      'state:': 'S',
      failed: 'F',
      plain: 'P',
      full: 'l',
      'no-block': 'b',
      'property:': 'o',
      value: 'v',
      system: 's',
      'no-ask-password': 'w',
    },
  });
  const [verb = 'list-units', ...names] = rest;
  const units = names.map(unitName);
  const { systemd } = call.machine;
  const report = new Report();
  switch (verb) {
    case 'is-active': {
      for (const unit of units) {
        const active = systemd.isActive(unit);
        if (!active) report.status = systemd.knows(unit) ? 3 : 4;
        if (!flags.has('q')) report.say(active ? 'active' : 'inactive');
      }
      // One that is active is enough.
      if (units.some((unit) => systemd.isActive(unit))) report.status = 0;
      return report.answer;
    }
    case 'is-enabled':
      for (const unit of units) report.say(systemd.isActive(unit) ? 'enabled' : 'disabled');
      return report.answer;
    case 'is-failed':
      return { stdout: flags.has('q') ? '' : 'active\n', stderr: '', exitCode: 1 };
    case 'is-system-running':
      return 'running\n';
    case 'status':
      return status(call, units);
    case 'show':
      return units
        .map((unit) => `Id=${unit}\nActiveState=${systemd.isActive(unit) ? 'active' : 'inactive'}\n`)
        .join('');
    case 'list-timers':
      return `${systemd
        .timers()
        .map(({ unit, leftMs }) => `${Math.round(leftMs / 1000)}s left  ${unit}`)
        .join('\n')}\n${systemd.timers().length} timers listed.\n`;
    case 'list-units':
    case 'list-unit-files':
      return systemd
        .active()
        .map((unit) => `  ${unit.padEnd(40)} loaded active running\n`)
        .join('');
    case 'reboot':
    case 'poweroff':
    case 'halt':
      needRoot(call, verb);
      await call.machine.powerCycle();
      return '';
    default:
      needRoot(call, verb);
      return change(call, verb, units);
  }
});

function needRoot(call: Call, verb: string): void {
  if (!call.caller.root) fail(`Failed to ${verb}: Interactive authentication required.`);
}

function change(call: Call, verb: string, units: readonly string[]) {
  const { systemd } = call.machine;
  const report = new Report();
  for (const unit of units) {
    const known = systemd.knows(unit);
    switch (verb) {
      case 'start':
      case 'restart':
      case 'try-restart':
      case 'reload-or-restart':
        if (known) systemd.start(unit);
        else report.complain(`Failed to ${verb} ${unit}: Unit ${unit} not found.`, 5);
        break;
      case 'stop':
        if (known) systemd.stop(unit);
        else report.complain(`Failed to stop ${unit}: Unit ${unit} not loaded.`, 5);
        break;
      case 'reload':
      case 'enable':
      case 'disable':
      case 'mask':
      case 'unmask':
      case 'reset-failed':
        if (!known) report.complain(`Failed to ${verb} unit: Unit file ${unit} does not exist.`);
        break;
      default:
        report.complain(`Unknown command verb ${verb}.`);
    }
  }
  return report.answer;
}

function status(call: Call, units: readonly string[]) {
  const { systemd } = call.machine;
  const report = new Report();
  for (const unit of units) {
    if (!systemd.knows(unit)) {
      report.complain(`Unit ${unit} could not be found.`, 4);
      continue;
    }
    const active = systemd.isActive(unit);
    report.say(
      `${active ? '●' : '○'} ${unit}\n     Loaded: loaded\n     Active: ${active ? 'active (running)' : 'inactive (dead)'}`,
    );
    if (!active) report.status = 3;
  }
  return report.answer;
}

/** Milliseconds of systemd's time spans: `60s`, `5min`, `1h 30min`, `0.5`. */
function span(text: string): number {
  const units: Record<string, number> = {
    ms: 1,
    '': 1000,
    s: 1000,
    sec: 1000,
    min: 60_000,
    m: 60_000,
    h: 3_600_000,
  };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|sec|s|min|m|h)?\s*/g)];
  if (parts.map(([all]) => all).join('') !== text || parts.length === 0)
    fail(`Failed to parse --on-active= argument: ${text}`);
  return parts.reduce((sum, [, count = '0', unit = '']) => sum + Number(count) * (units[unit] ?? 1000), 0);
}

export const systemdRun = program('systemd-run', async (call) => {
  needRoot(call, 'start transient unit');
  const { flags, values, rest } = options('systemd-run', call.args, {
    short: 'qGrtPp:u:E:',
    long: {
      quiet: 'q',
      collect: 'G',
      'unit:': 'u',
      'on-active:': 'a',
      'timer-property:': 'T',
      'property:': 'p',
      'description:': 'd',
      'setenv:': 'E',
      'no-block': 'n',
      pipe: 'P',
      wait: 'w',
      scope: 'S',
      'remain-after-exit': 'r',
    },
    stopAtFirst: true,
  });
  const { machine } = call;
  const { systemd } = machine;
  const name = (values.get('u') ?? `run-r${machine.now().toString(16)}`).replace(/\.(service|timer)$/, '');
  if (rest.length === 0) fail('Command line to execute required.');
  const command = rest.map(quote).join(' ');
  const work = async (signal: AbortSignal) => {
    const result = await machine.run({ user: 'root', uid: 0, root: true }, command, { cwd: '/', signal });
    for (const text of `${result.stdout}${result.stderr}`.split('\n').filter(Boolean))
      systemd.log(name, text);
  };
  const delay = values.get('a');
  if (delay === undefined) {
    const running = systemd.run(name, work);
    if (flags.has('w') || flags.has('P') || flags.has('S')) await running;
    return flags.has('q') ? '' : { stdout: '', stderr: `Running as unit: ${name}.service\n`, exitCode: 0 };
  }
  if (!systemd.arm(name, span(delay), command, work))
    fail(
      `Failed to start transient timer unit: Unit ${name}.timer was already loaded or has a fragment file.`,
    );
  return flags.has('q')
    ? ''
    : {
        stdout: '',
        stderr: `Running timer as unit: ${name}.timer\nWill run service as unit: ${name}.service\n`,
        exitCode: 0,
      };
});

export const journalctl = program('journalctl', (call) => {
  const { flags, values } = options('journalctl', call.args, {
    short: 'xefbkarqu:n:p:S:U:o:t:',
    long: {
      'no-pager': 'P',
      'unit:': 'u',
      'lines:': 'n',
      'since:': 'S',
      'until:': 'U',
      'output:': 'o',
      boot: 'b',
      reverse: 'r',
      quiet: 'q',
    },
  });
  const unit = values.get('u')?.replace(/\.(service|timer)$/, '');
  const count = Number(values.get('n') ?? 1000);
  const found = call.machine.systemd.journal
    .filter((one) => unit === undefined || one.unit === unit || one.text.includes(unit))
    .slice(-count);
  if (flags.has('r')) found.reverse();
  if (found.length === 0) return '-- No entries --\n';
  return found
    .map(({ at, unit: from, text }) => {
      const [, day = '', month = '', time = ''] =
        /^\w+, (\d+) (\w+) \d+ (\S+)/.exec(new Date(at).toUTCString()) ?? [];
      return `${month} ${day} ${time} ${call.machine.hostname()} ${from}[1]: ${text}\n`;
    })
    .join('');
});
