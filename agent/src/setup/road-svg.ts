/** A suggested road over its picture, for a person to judge. */
import type { NormalizedPolygon } from '@roadwatch/contract';
import type { Size } from '../frame/size.ts';

export function roadSvg(road: NormalizedPolygon, { width, height }: Size): Buffer {
  const points = road.map(([x, y]) => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`).join(' ');
  const stroke = Math.max(2, Math.round(width / 320));
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
      `<polygon points="${points}" fill="#ffd400" fill-opacity="0.2" stroke="#ffd400" stroke-width="${stroke}"/></svg>`,
  );
}
