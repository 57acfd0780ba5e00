import { LabError } from './error';
import { setFrozen } from './machine';
import { cabledEnds, setEnds } from './network';
import { cableEnds, halves, hostnames, netdev } from './plan';
import type { Half, LabPlan, Port, Side } from './plan';
import { until } from './process';

/** What a fault needs of the lab. */
export interface FaultHost {
  readonly plan: LabPlan;
  sh(side: Side, script: string): Promise<string>;
  powered(side: Side): boolean;
  unplugged(): readonly string[];
  setUnplugged(ends: readonly string[]): void;
}

/** Things that go wrong for real. Each is undone by its counterpart, by `reset` and by `down`. */
export class Faults {
  constructor(private readonly host: FaultHost) {}

  /**
   * Kills sshd with all its sessions. systemd starts it again by itself unless `restart` is false.
   * Resolves when the old processes are gone.
   */
  async sshdKill(side: Side, options: { restart?: boolean } = {}): Promise<void> {
    if (options.restart === false) await this.sshdStop(side);
    await this.host.sh(side, 'pkill -KILL -x sshd || [ $? = 1 ]');
  }

  /** Stops sshd: running sessions stay, as on a real machine, new ones are refused. */
  async sshdStop(side: Side): Promise<void> {
    await this.host.sh(side, 'systemctl stop ssh.socket 2>/dev/null; systemctl stop ssh.service');
  }

  async sshdStart(side: Side): Promise<void> {
    await this.host.sh(side, 'systemctl reset-failed ssh.service; systemctl start ssh.service');
  }

  /** Pulls a cable (by the port at either end; all when none is named), or one half of it. Carrier drops on both nodes. */
  async cableOut(half: Half | 'both' = 'both', port?: Port): Promise<void> {
    const ends = cabledEnds(this.host.plan, half, port);
    if (ends.length === 0) throw new LabError('bad-argument', 'no cable is in that port');
    this.host.setUnplugged([...new Set([...this.host.unplugged(), ...ends])]);
    await setEnds(ends, 'down');
    await this.carrier(half, port, '0');
  }

  /** Plugs a cable (or one half of it) back in. */
  async cableIn(half: Half | 'both' = 'both', port?: Port): Promise<void> {
    const ends = cabledEnds(this.host.plan, half, port);
    this.host.setUnplugged(this.host.unplugged().filter((end) => !ends.includes(end)));
    await setEnds(ends, 'up');
    await this.carrier(half, port, '1');
  }

  private async carrier(half: Half | 'both', port: Port | undefined, wanted: '0' | '1'): Promise<void> {
    for (const ends of cableEnds(this.host.plan.cables)) {
      if (port !== undefined && ends[1] !== port && ends[2] !== port) continue;
      for (const side of [1, 2] as const) {
        if (!this.host.powered(side)) continue;
        const names = halves
          .filter((one) => half === 'both' || one === half)
          .map((one) => netdev(ends[side], one));
        await until(`carrier of ${hostnames[side]}`, 5_000, async () => {
          const script = names
            .map(
              (name) =>
                `ip -o link show ${name} | grep -q ',UP[,>]' && cat /sys/class/net/${name}/carrier || echo ${wanted}`,
            )
            .join('\n');
          const seen = (await this.host.sh(side, script)).trim().split('\n');
          return seen.every((value) => value === wanted);
        });
      }
    }
  }

  /** Makes /etc read-only, or writable again. */
  async etcReadonly(side: Side, on: boolean): Promise<void> {
    await this.host.sh(
      side,
      on ? 'mount --bind /etc /etc && mount -o remount,bind,ro /etc' : 'umount /etc || umount -l /etc',
    );
  }

  /**
   * Fills the disk under a folder: the folder keeps its contents on a file system of that size with no byte left.
   * Taking it away keeps what was written meanwhile, as freeing space does.
   */
  async diskFull(side: Side, path: string, on: boolean): Promise<void> {
    if (!/^\/[\w./-]*[\w-]$/.test(path))
      throw new LabError('bad-argument', `not a plain absolute path: ${path}`);
    await this.host.sh(side, (on ? fillScript : freeScript).replaceAll('@PATH@', path));
  }

  /** Gives a node new ssh host keys, as a reinstalled or another machine has them. */
  async hostKeyChange(side: Side): Promise<void> {
    await this.host.sh(
      side,
      `rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub && ssh-keygen -q -A && systemctl restart ssh.service`,
    );
  }

  /** Stops every process of a node at once; its kernel still answers ping. */
  async freeze(side: Side): Promise<void> {
    await setFrozen(this.host.plan, side, true);
  }

  async unfreeze(side: Side): Promise<void> {
    await setFrozen(this.host.plan, side, false);
  }

  /** Drops the netplan file of NVIDIA Sync, which sets both halves into one subnet; `apply` makes it take effect. */
  async foreignNetplan(side: Side, options: { apply?: boolean; file?: string } = {}): Promise<void> {
    const port = cableEnds(this.host.plan.cables)[0]?.[side] ?? 1;
    const file = options.file ?? '99-nvidia-sync-cluster.yaml';
    if (!/^[\w.-]+\.yaml$/.test(file)) throw new LabError('bad-argument', `not a netplan file name: ${file}`);
    const lines = halves.flatMap((half, index) => [
      `    ${netdev(port, half)}:`,
      '      dhcp4: no',
      `      addresses: [192.168.0.${10 * side + index}/24]`,
    ]);
    const text = ['network:', '  version: 2', '  ethernets:', ...lines, ''].join('\n');
    await this.host.sh(side, `umask 077; cat >/etc/netplan/${file} <<'END'\n${text}END\n`);
    if (options.apply === true) await this.host.sh(side, 'netplan apply');
  }
}

const fillScript = `set -eu
used=$(du -sk '@PATH@' | cut -f1)
keep=$(mktemp -d /run/lab-fill.XXXXXX)
mount -t tmpfs -o "size=$((used * 2 + 256))k" lab-full "$keep"
cp -a '@PATH@/.' "$keep/"
chmod --reference='@PATH@' "$keep"
chown --reference='@PATH@' "$keep"
mount --move "$keep" '@PATH@' 2>/dev/null || { mount --bind "$keep" '@PATH@'; umount -l "$keep"; }
rmdir "$keep"
# One byte more would be too much: what is left over after whole blocks is filled as well.
dd if=/dev/zero of='@PATH@/.lab-fill' bs=4096 2>/dev/null || true
`;

const freeScript = `set -eu
rm -f '@PATH@/.lab-fill'
kept=$(mktemp -d /run/lab-free.XXXXXX)
cp -a '@PATH@/.' "$kept/"
umount '@PATH@' 2>/dev/null || umount -l '@PATH@'
find '@PATH@' -mindepth 1 -delete
cp -a "$kept/." '@PATH@/'
rm -rf "$kept"
`;
