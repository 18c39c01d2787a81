/** Whether this browser can draw a map at all: without a graphics card, or with WebGL switched off, it cannot. */
export function hasWebgl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  // Browsers have few of them.
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
