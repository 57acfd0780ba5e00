import { config } from 'zod';

// The page's policy forbids making code from text. Schemas ask for this when they are made: import this file first.
config({ jitless: true });
