import { limits, type Candidate, type NodeChoice } from '../../api/types';

type Trouble = 'needed' | 'bad-host' | 'bad-port' | 'bad-user' | 'same-machine';
export interface SlotTroubles {
  readonly host: Trouble | null;
  readonly port: Trouble | null;
  readonly user: Trouble | null;
}

/** One place of the pair: a machine of the list, or one named by hand. */
export class Slot {
  candidate = $state.raw<Candidate | null>(null);
  host = $state('');
  port = $state('22');
  /** null: nobody has typed one; then it is the other slot's. */
  typedUser = $state<string | null>(null);

  get isNamed(): boolean {
    return this.candidate !== null || this.host.trim() !== '';
  }

  /** The candidate says itself who logs in. */
  get hasOwnUser(): boolean {
    return (this.candidate?.user ?? null) !== null;
  }

  /** Where it is, to tell two slots apart. */
  get place(): string {
    const { host, port } = this.candidate ?? { host: this.host.trim(), port: Number(this.port) };
    return `${host.toLowerCase().replace(/\.$/, '')} ${String(port)}`;
  }

  /** Takes `user@host:port` apart, as people paste it. */
  splitAddress(): void {
    const parts = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?([^@\s:/]+|\[[^\]\s]+\])(?::(\d{1,5}))?\/?$/.exec(
      this.host.trim(),
    );
    if (!parts) return;
    const [, user, host = '', port] = parts;
    this.host = host.replace(/^\[|\]$/g, '');
    if (user !== undefined) this.typedUser = user;
    if (port !== undefined) this.port = port;
  }

  clear(): void {
    this.candidate = null;
    this.host = '';
    this.port = '22';
  }
}

/** Which two machines are to be the pair. */
export class Choice {
  readonly slots = [new Slot(), new Slot()] as const;

  readonly isNamed = $derived(this.slots.every((slot) => slot.isNamed));
  readonly troubles = $derived(
    this.slots.map((slot) => this.#troubles(slot)) as [SlotTroubles, SlotTroubles],
  );
  readonly isComplete = $derived(
    this.troubles.every(({ host, port, user }) => host === null && port === null && user === null),
  );

  /** Puts a machine into the first free slot, or takes it out of the one it is in. */
  toggle(candidate: Candidate): void {
    const held = this.slots.find((slot) => slot.candidate?.id === candidate.id);
    if (held) {
      held.clear();
      return;
    }
    const free = this.slots.find((slot) => !slot.isNamed);
    if (free) free.candidate = candidate;
  }

  /** Index of the slot that a machine is in; -1 for none. */
  placeOf(candidate: Candidate): number {
    return this.slots.findIndex((slot) => slot.candidate?.id === candidate.id);
  }

  /** Most people have the same account on both: what is typed for one holds for the other until it gets its own. */
  user(slot: Slot): string {
    return slot.typedUser ?? this.slots.find((other) => other !== slot)?.typedUser ?? '';
  }

  /** What main is asked for. @returns undefined while something is missing or wrong */
  get nodes(): [NodeChoice, NodeChoice] | undefined {
    if (!this.isComplete) return undefined;
    return [this.#choice(this.slots[0]), this.#choice(this.slots[1])];
  }

  #choice(slot: Slot): NodeChoice {
    const user = this.user(slot).trim();
    if (slot.candidate === null)
      return { from: 'hand', host: slot.host.trim(), port: Number(slot.port), user };
    const { id } = slot.candidate;
    return slot.hasOwnUser
      ? { from: 'candidate', candidate: id }
      : { from: 'candidate', candidate: id, user };
  }

  #troubles(slot: Slot): SlotTroubles {
    const user = slot.hasOwnUser ? null : userTrouble(this.user(slot).trim());
    const twin = this.slots.some((other) => other !== slot && other.isNamed && other.place === slot.place);
    const host = slot.candidate === null ? hostTrouble(slot.host.trim()) : null;
    return {
      host: host ?? (twin && slot === this.slots[1] ? 'same-machine' : null),
      port: slot.candidate === null && !isPort(slot.port.trim()) ? 'bad-port' : null,
      user,
    };
  }
}

function hostTrouble(host: string): Trouble | null {
  if (host === '') return 'needed';
  return host.length <= limits.host && /^[^\s@/\\'"`$]+$/.test(host) && !host.startsWith('-')
    ? null
    : 'bad-host';
}

function userTrouble(user: string): Trouble | null {
  if (user === '') return 'needed';
  return user.length <= limits.user && /^[^\s:/@'"`$-][^\s:/@'"`]*$/.test(user) ? null : 'bad-user';
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
