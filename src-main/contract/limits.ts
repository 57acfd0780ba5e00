/** Bounds of what may cross between window and main; what is over them is refused, not cut. */
export const limits = {
  /** Characters of one message from the window. */
  requestCharacters: 256 * 1024,
  /** Characters of one message to the window; a plan with all its commands is the largest. */
  pushCharacters: 16 * 1024 * 1024,
  /** A host name (RFC 1035) or address with its zone. */
  host: 255,
  /** A POSIX account name. */
  user: 32,
  /** A password, passphrase or an answer to the server's question. */
  secret: 4096,
  /** A playbook's input. */
  input: 512,
  /** What is typed or pasted into a terminal in one call. */
  terminalWrite: 64 * 1024,
  terminalColumns: 1000,
  terminalRows: 500,
  /** Log lines in one answer. */
  logLines: 2000,
  /** Log lines that main keeps; older ones are dropped. */
  logKept: 100_000,
  /** Runs in the history that is sent. */
  runs: 200,
  /** Measurements in the history that is sent; older ones stay on disk. */
  history: 1000,
} as const;
