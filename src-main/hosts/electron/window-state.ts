import type { BrowserWindow, Rectangle } from 'electron';
import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from './private-file';

export const leastSize = { width: 960, height: 640 };
const usualSize = { width: 1280, height: 800 };
/** Pixels of the upper edge that must be on a display, so that the window can be seen and moved. */
const grip = { width: 120, height: 32 };

const stateSchema = z.strictObject({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(leastSize.width),
  height: z.number().int().min(leastSize.height),
  maximized: z.boolean(),
});
type WindowState = z.infer<typeof stateSchema>;

/** Where the window goes: where it was, if that is still on a display; the middle otherwise. Device-independent pixels. */
export interface Place {
  readonly bounds: Partial<Rectangle> & { readonly width: number; readonly height: number };
  readonly maximized: boolean;
}

/** @param displays work areas of the displays that are there now */
export async function readPlace(file: string, displays: readonly Rectangle[]): Promise<Place> {
  const state = await readState(file);
  if (!state) return { bounds: usualSize, maximized: false };
  const { maximized, ...bounds } = state;
  const home = displays.find((display) => isGrippable(bounds, display));
  if (!home) return { bounds: usualSize, maximized };
  const width = Math.max(leastSize.width, Math.min(bounds.width, home.width));
  const height = Math.max(leastSize.height, Math.min(bounds.height, home.height));
  return { bounds: { ...bounds, width, height }, maximized };
}

/** Keeps where the window is. A place that cannot be kept is no reason to stay. */
export async function keepPlace(
  file: string,
  window: Pick<BrowserWindow, 'getNormalBounds' | 'isMaximized' | 'isDestroyed'>,
): Promise<void> {
  if (window.isDestroyed()) return;
  const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  await writePrivateFile(file, JSON.stringify(state)).catch(() => undefined);
}

function isGrippable(bounds: Rectangle, display: Rectangle): boolean {
  const across = Math.min(bounds.x + bounds.width, display.x + display.width) - Math.max(bounds.x, display.x);
  return (
    across >= grip.width && bounds.y >= display.y && bounds.y + grip.height <= display.y + display.height
  );
}

async function readState(file: string): Promise<WindowState | undefined> {
  try {
    const text = await readPrivateFile(file);
    return text === undefined ? undefined : stateSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
