/** A picture of a road with a hole in it, in another place for each of 32 seeds: far enough apart to be another thing. */
import sharp from 'sharp';

export const SIZE = { width: 1280, height: 720 };

export async function streetPicture(seed: number): Promise<Buffer> {
  const { width, height } = SIZE;
  const grain = { type: 'gaussian', mean: 112, sigma: 14 } as const;
  const asphalt = await sharp({ create: { width, height, channels: 3, background: '#707070', noise: grain } })
    .blur(0.8)
    .png()
    .toBuffer();
  const [left, top, w, h] = holeBox(seed);
  const hole = {
    cx: (left + w / 2) * width,
    cy: (top + h / 2) * height,
    rx: w * width * 0.45,
    ry: h * height * 0.42,
  };
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <path d="M0 0h${width}v150L0 210z" fill="#9fb4c4"/>
    <path d="M250 ${height} 560 190h14L330 ${height}z" fill="#d8d8d2" opacity=".8"/>
    <ellipse cx="${hole.cx}" cy="${hole.cy}" rx="${hole.rx}" ry="${hole.ry}" fill="#2b2825"/>
    <ellipse cx="${hole.cx + 4}" cy="${hole.cy + 4}" rx="${hole.rx * 0.8}" ry="${hole.ry * 0.75}" fill="#1b1917"/>
  </svg>`;
  return sharp(asphalt)
    .composite([{ input: Buffer.from(drawing) }])
    .jpeg({ quality: 82 })
    .toBuffer();
}

/** Where the hole of that seed is. */
export function holeBox(seed: number): readonly [x: number, y: number, width: number, height: number] {
  return [0.06 + 0.11 * (seed % 8), 0.42 + 0.13 * (Math.floor(seed / 8) % 4), 0.1, 0.11];
}
