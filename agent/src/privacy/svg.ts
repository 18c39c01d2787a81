/** Privacy masks as a picture: black where nobody may look, nothing elsewhere. */
import type { NormalizedPolygon } from '@roadwatch/contract';

export function maskSvg(
  masks: readonly NormalizedPolygon[],
  { width, height }: { readonly width: number; readonly height: number },
): Buffer {
  const polygons = masks.map((mask) => {
    const points = mask.map(([x, y]) => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`);
    return `<polygon points="${points.join(' ')}" fill="#000"/>`;
  });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">${polygons.join('')}</svg>`,
  );
}
