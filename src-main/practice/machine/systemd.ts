import type { RootFiles } from './root-files';

/** Starts `work` after `ms`; the returned function calls it off. */
export type Schedule = (ms: number, work: () => void) => () => void;

interface Timer {
  readonly dueAt: number;
  readonly cancel: () => void;
}

const folder = '/run/systemd/transient';

/** Units that a Spark has running after boot; others are inactive. */
const running = [
  'NetworkManager.service',
  'avahi-daemon.service',
  'cron.service',
  'dbus.service',
  'docker.service',
  'gdm.service',
  'nvidia-persistenced.service',
  'rsyslog.service',
  'ssh.service',
  'ssh.socket',
  'systemd-journald.service',
  'systemd-logind.service',
  'systemd-resolved.service',
  'systemd-timesyncd.service',
  'systemd-udevd.service',
];
const present = [...running, 'systemd-networkd.service', 'systemd-networkd.socket', 'ufw.service'];

/** Services and the transient timers of `systemd-run --on-active`. */
export class Systemd {
  #active = new Set(running);
  readonly #timers = new Map<string, Timer>();
  readonly #services = new Map<string, AbortController>();
  readonly journal: { at: number; unit: string; text: string }[] = [];

  constructor(
    private readonly files: RootFiles,
    private readonly now: () => number,
    private readonly schedule: Schedule,
  ) {}

  /** Whether there is such a unit. */
  knows(unit: string): boolean {
    return present.includes(unit) || this.isActive(unit) || this.#active.has(unit);
  }

  isActive(unit: string): boolean {
    if (unit.endsWith('.timer') && this.#timers.has(unit.slice(0, -6))) return true;
    return this.#services.has(unit.replace(/\.service$/, '')) || this.#active.has(unit);
  }

  start(unit: string): void {
    this.#active.add(unit);
    this.log('systemd', `Started ${unit}.`);
  }

  /** Stops a service, or a timer before it fires, or what a timer has started. */
  stop(unit: string): void {
    const name = unit.replace(/\.(timer|service)$/, '');
    if (unit.endsWith('.timer')) {
      this.#timers.get(name)?.cancel();
      this.#timers.delete(name);
    } else {
      this.#services.get(name)?.abort();
      this.#services.delete(name);
    }
    this.#active.delete(unit);
    this.#collect(name);
  }

  active(): string[] {
    const transient = [
      ...[...this.#timers.keys()].map((name) => `${name}.timer`),
      ...[...this.#services.keys()].map((name) => `${name}.service`),
    ];
    return [...this.#active, ...transient].sort();
  }

  /** Timers and how long they have to run, ms. */
  timers(): { unit: string; leftMs: number }[] {
    return [...this.#timers].map(([name, { dueAt }]) => ({
      unit: `${name}.timer`,
      leftMs: Math.max(0, dueAt - this.now()),
    }));
  }

  /** Runs `work` once, after a while, as a unit of its own. @returns false when there is such a unit already */
  arm(name: string, delayMs: number, command: string, work: (signal: AbortSignal) => Promise<void>): boolean {
    if (this.#timers.has(name) || this.#services.has(name)) return false;
    this.files.write(
      `${folder}/${name}.timer`,
      `[Timer]\nOnActiveSec=${delayMs / 1000}s\nRemainAfterElapse=no\n`,
    );
    this.files.write(`${folder}/${name}.service`, `[Service]\nExecStart=${command}\n`);
    const cancel = this.schedule(delayMs, () => {
      this.#timers.delete(name);
      void this.run(name, work);
    });
    this.#timers.set(name, { dueAt: this.now() + delayMs, cancel });
    return true;
  }

  /** Runs `work` now, as a unit that is gone when it ends. */
  async run(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const control = new AbortController();
    this.#services.set(name, control);
    this.log(name, `Started ${name}.service.`);
    try {
      await work(control.signal);
    } finally {
      if (this.#services.get(name) === control) this.#services.delete(name);
      this.log(name, `${name}.service: Deactivated successfully.`);
      this.#collect(name);
    }
  }

  log(unit: string, text: string): void {
    this.journal.push({ at: this.now(), unit, text });
    if (this.journal.length > 1000) this.journal.shift();
  }

  /** Everything that does not outlive a power cut is gone; the services of the boot are back. */
  reset(): void {
    for (const { cancel } of this.#timers.values()) cancel();
    for (const control of this.#services.values()) control.abort();
    this.#timers.clear();
    this.#services.clear();
    this.#active = new Set(running);
  }

  #collect(name: string): void {
    if (this.#timers.has(name) || this.#services.has(name)) return;
    this.files.remove(`${folder}/${name}.timer`);
    this.files.remove(`${folder}/${name}.service`);
  }
}
