/** A failure of the lab itself, never of the product under test. `reason` is stable, the message is for people. */
export class LabError extends Error {
  constructor(
    readonly reason:
      'unavailable' | 'command-failed' | 'boot-failed' | 'timeout' | 'no-lab' | 'busy' | 'bad-argument',
    message: string,
  ) {
    super(`lab: ${message}`);
    this.name = 'LabError';
  }
}
