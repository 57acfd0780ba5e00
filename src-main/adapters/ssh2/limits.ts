/** Limits of a connection, in ms unless said otherwise. */
export interface Limits {
  /** Looking the name up. */
  readonly resolveMs: number;
  /** TCP connection, and opening a forwarded channel on a jump host. */
  readonly tcpMs: number;
  /** From the first byte to the end of the key exchange, without the time a person takes to judge a key. */
  readonly keyExchangeMs: number;
  /** Each step of the login, without the time a person takes to answer. */
  readonly loginStepMs: number;
  readonly keepaliveMs: number;
  /** Unanswered keepalives after which the connection is lost. */
  readonly keepaliveCount: number;
  /** A shell on the node getting ready for a command, or sudo answering. */
  readonly shellMs: number;
  /** How long a cancelled command is waited for before its channel is given up. */
  readonly endMs: number;
  /** Channels used at a time; sshd's MaxSessions is 10 and two are kept for ending commands. */
  readonly channels: number;
  /** Shells kept ready for the next commands. */
  readonly spares: number;
  /** Root shells per connection. */
  readonly rootShells: number;
  /** Terminals per connection; they use channels of the same budget. */
  readonly terminals: number;
}

export const defaultLimits: Limits = {
  resolveMs: 10_000,
  tcpMs: 10_000,
  keyExchangeMs: 10_000,
  loginStepMs: 15_000,
  keepaliveMs: 10_000,
  keepaliveCount: 3,
  shellMs: 30_000,
  endMs: 5_000,
  channels: 8,
  spares: 2,
  rootShells: 3,
  terminals: 3,
};
