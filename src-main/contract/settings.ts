import { z } from 'zod';

export const settingsSchema = z.object({
  /** `system`: what the computer is set to. */
  language: z.enum(['system', 'en', 'ko']),
  theme: z.enum(['system', 'dark', 'light']),
  /** A family installed on this computer; empty for the window's own choice. */
  terminalFont: z.string().max(100),
  /** CSS px. */
  terminalFontSize: z.number().int().min(8).max(32),
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  language: 'system',
  theme: 'system',
  terminalFont: '',
  terminalFontSize: 13,
};
