/** A program that listens on a TCP port of its machine. */
export interface Listening {
  /** Undefined: on every address. */
  readonly address: string | undefined;
  readonly port: number;
  readonly program: string;
  readonly pid: number;
  readonly uid: number;
}

/** The listening TCP ports of one machine. */
export class Sockets {
  readonly #open = new Set<Listening>();

  /** @returns what closes it; undefined when the port is taken */
  listen(wanted: Listening): (() => void) | undefined {
    const taken = [...this.#open].some(
      ({ port, address }) =>
        port === wanted.port &&
        (address === undefined || wanted.address === undefined || address === wanted.address),
    );
    if (taken) return undefined;
    this.#open.add(wanted);
    return () => this.#open.delete(wanted);
  }

  /** Who answers on a port at an address of the machine. */
  at(address: string, port: number): Listening | undefined {
    return [...this.#open].find(
      (one) => one.port === port && (one.address === undefined || one.address === address),
    );
  }

  all(): readonly Listening[] {
    return [...this.#open].sort((a, b) => a.port - b.port);
  }
}
