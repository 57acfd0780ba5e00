import { dropEmptyKeepFolders } from '../change/scripts';
import { LEASE_BUSY, LEASE_HELD } from '../exit-status';
import { Failure } from '../failure';
import { quote, raw, type Script } from '../shell/quote';
import type { Hands } from './hands';

/** Lives in memory of the node: gone after a reboot. Holds `HOLDER EXPIRY` (seconds since the epoch). */
const FILE = '/run/twinspark.lock';
const LEASE_SECONDS = 180;

/**
 * One driver per node. Two things in one file: an flock held by every changing command while it runs, so that a
 * straggler of a killed app ends before anybody goes on; and the id of the installation that drives, with an expiry, so
 * that a second laptop keeps off while a restarted app goes on at once.
 */
export class Lease {
  #held = false;

  constructor(
    private readonly hands: Hands,
    /** Id of the data folder: inside it, one process drives at a time anyway. */
    private readonly holder: string,
    private readonly nodes: readonly string[],
  ) {}

  /** @throws Failure NODE_BUSY (params: holder) */
  async take(signal?: AbortSignal, nodes: readonly string[] = this.nodes): Promise<void> {
    this.#held = true;
    const script = raw(`
${lock()}
holder= until=0
read -r holder until < ${FILE} || :
case $until in '' | *[!0-9]*) until=0 ;; esac
now=$(date +%s)
if [ -n "$holder" ] && [ "$holder" != ${quote(this.holder)} ] && [ "$until" -gt "$now" ]; then
  printf '%s\\n' "$holder"
  exit ${LEASE_HELD}
fi
printf '%s %s\\n' ${quote(this.holder)} "$((now + ${LEASE_SECONDS}))" > ${FILE}`);
    await Promise.all(
      nodes.map(async (node) => {
        const result = await this.hands.look(node, script, { root: true, timeoutMs: 90_000, signal });
        if (result.code === LEASE_HELD || result.code === LEASE_BUSY) {
          throw new Failure('NODE_BUSY', { holder: result.stdout.trim().slice(0, 80) }, { node });
        }
        if (result.code !== 0) throw this.hands.failed(node, result);
      }),
    );
    this.hands.guardWith(() => this.preamble());
  }

  /**
   * Looks whether another installation drives one of the nodes: what was read meanwhile is then no state to plan from.
   * @throws Failure NODE_BUSY (params: holder)
   */
  async refuseHeld(signal?: AbortSignal): Promise<void> {
    const script = raw(`[ -r ${FILE} ] || exit 0
read -r holder until < ${FILE} || exit 0
case $until in '' | *[!0-9]*) exit 0 ;; esac
[ "$until" -le "$(date +%s)" ] || printf '%s\\n' "$holder"`);
    await Promise.all(
      this.nodes.map(async (node) => {
        const { stdout } = await this.hands.look(node, script, { root: true, timeoutMs: 10_000, signal });
        const holder = stdout.trim().slice(0, 80);
        if (holder !== '' && holder !== this.holder) throw new Failure('NODE_BUSY', { holder }, { node });
      }),
    );
  }

  /** Put in front of every changing command: waits for stragglers, makes sure that we still drive, renews the lease. */
  preamble(): Script {
    return raw(`${lock()}
read -r twinspark_holder _ < ${FILE} || exit ${LEASE_HELD}
[ "$twinspark_holder" = ${quote(this.holder)} ] || exit ${LEASE_HELD}
printf '%s %s\\n' ${quote(this.holder)} "$(($(date +%s) + ${LEASE_SECONDS}))" > ${FILE}`);
  }

  /**
   * Gives the nodes that can be reached back, without empty folders of ours; best effort, since a lease that stays behind expires. To be called before the
   * run's last record, so that an app that dies in between finds the run unfinished and comes back to clean up.
   */
  async release(): Promise<void> {
    if (!this.#held) return;
    this.#held = false;
    const nodes = this.nodes.filter((name) => !this.hands.session(name).lost.aborted);
    const script = raw(`
[ -e ${FILE} ] || exit 0
${lock()}
read -r holder _ < ${FILE} || exit 0
[ "$holder" = ${quote(this.holder)} ] || exit 0
${dropEmptyKeepFolders.text}
rm -f ${FILE}`);
    await Promise.allSettled(
      nodes.map((node) => this.hands.look(node, script, { root: true, timeoutMs: 10_000 })),
    );
    this.hands.guardWith(() => undefined);
  }
}

function lock(): string {
  return `umask 077; exec 9>>${FILE} && flock -w 60 9 || exit ${LEASE_BUSY}; umask 022`;
}
