import type { Terminal } from '@xterm/xterm';
import type { WebglAddon } from '@xterm/addon-webgl';
import { isHardware } from './gl-renderer';

let known: boolean | undefined;

/** Whether WebGL 2 is drawn by a graphics chip. Looked up once, with a context that is given back at once. */
export function hasHardwareGl(): boolean {
  known ??= lookUp();
  return known;
}

function lookUp(): boolean {
  const context = document
    .createElement('canvas')
    .getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (context === null) return false;
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = info === null ? '' : context.getParameter(info.UNMASKED_RENDERER_WEBGL);
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return typeof name === 'string' && isHardware(name);
}

/**
 * Draws a terminal on the graphics chip while it is visible, and as text in the page otherwise: browsers allow few contexts.
 * A lost context (driver restart, sleep) falls back to text for good.
 */
export class Gpu {
  #addon: WebglAddon | undefined;
  #failed = false;

  constructor(
    private readonly terminal: Terminal,
    /** Not given where no graphics chip draws. */
    private readonly Addon: (new () => WebglAddon) | undefined,
  ) {}

  get active(): boolean {
    return this.#addon !== undefined;
  }

  show(visible: boolean): void {
    if (visible && !this.#failed) this.#start();
    else this.#stop();
  }

  dispose(): void {
    this.#stop();
  }

  #start(): void {
    if (this.#addon !== undefined || this.Addon === undefined) return;
    const addon = new this.Addon();
    try {
      this.terminal.loadAddon(addon);
    } catch {
      this.#failed = true;
      addon.dispose();
      return;
    }
    this.#addon = addon;
    addon.onContextLoss(() => {
      this.#failed = true;
      this.#stop();
    });
  }

  #stop(): void {
    this.#addon?.dispose();
    this.#addon = undefined;
  }
}
