/** What window and main say to each other goes by these two names only. */
export const channels = { ask: 'twinspark:ask', push: 'twinspark:push' } as const;
