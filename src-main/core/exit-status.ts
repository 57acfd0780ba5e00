/** Exit statuses of our own scripts that say something by themselves; outside what shells and tools use for their own. */
/** The node is in use: a command of a driver that is gone still runs, or another installation drives it. */
export const LEASE_BUSY = 175;
export const LEASE_HELD = 176;
/** The guard has taken the trial back before it was kept. */
export const TRIAL_GONE = 177;
