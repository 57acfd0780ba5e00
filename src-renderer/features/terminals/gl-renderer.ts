/** Renderers that draw on the processor: slower than text in the page, and with long tasks. */
const software = /swiftshader|llvmpipe|softpipe|software|basic render|lavapipe/i;

/** @param renderer as WebGL names it; a name that is kept back says nothing for hardware */
export function isHardware(renderer: string): boolean {
  return renderer.trim() !== '' && !software.test(renderer);
}
