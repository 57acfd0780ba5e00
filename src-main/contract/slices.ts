import { z } from 'zod';
import { benchListedSchema, benchStateSchema } from './bench-record';
import { settingsSchema } from './settings';
import { runListedSchema } from './run';
import {
  discoverySchema,
  factsSchema,
  pairSchema,
  practiceSchema,
  promptSchema,
  pulseSchema,
} from './state-nodes';
import { bookSchema, logRangeSchema, planViewSchema, terminalViewSchema } from './state-work';

/** What does not change while the app runs. */
export const appInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'browser']),
  platform: z.enum(['linux', 'darwin', 'win32', 'other']),
  /** What `system` stands for. */
  systemLanguage: z.enum(['en', 'ko']),
  /** This computer encrypts what is saved, so passwords may be kept. */
  canSaveSecrets: z.boolean(),
  /** A terminal of this computer can be opened. */
  localTerminal: z.boolean(),
  /** Where journals and settings are; shown, never sent back. */
  dataFolder: z.string(),
  playbooks: z.array(
    z.object({
      id: z.string(),
      /** How long it takes on two nodes that answer, minutes. */
      minutes: z.number(),
      risk: z.enum(['low', 'medium', 'high']),
      stages: z.array(z.object({ id: z.string(), needs: z.array(z.string()) })),
      inputs: z.array(
        z.object({
          /** `stage.name`. */
          key: z.string(),
          default: z.string().nullable(),
          /** The values allowed; null for free text. */
          values: z.array(z.string()).nullable(),
        }),
      ),
    }),
  ),
});
export type AppInfo = z.infer<typeof appInfoSchema>;

/** The state of the app in pieces; each is replaced as a whole when it changes. Truth lives in main. */
export const slices = {
  app: appInfoSchema,
  settings: settingsSchema,
  discovery: discoverySchema,
  pair: pairSchema,
  facts: factsSchema,
  pulse: pulseSchema,
  prompts: z.array(promptSchema),
  practice: practiceSchema,
  book: bookSchema,
  plan: planViewSchema,
  runs: z.array(runListedSchema),
  bench: benchStateSchema,
  /** Measurements of the open pair (of every pair when none is open), newest first. */
  history: z.array(benchListedSchema),
  terminals: z.array(terminalViewSchema),
  log: logRangeSchema,
} as const;
export type SliceName = keyof typeof slices;
export type Slices = { [Name in SliceName]: z.infer<(typeof slices)[Name]> };

/** All slices at one moment. `seq` numbers the last change that is in it. */
export const snapshotSchema = z.object({ seq: z.number().int(), state: z.object(slices) });
export type Snapshot = z.infer<typeof snapshotSchema>;
