/** A picture of a road with a hole in it, different for each seed, so that each has its own SHA-256. */
import sharp from 'sharp';

export const SIZE = { width: 1280, height: 720 };

export async function streetPicture(seed: number): Promise<Buffer> {
  const { width, height } = SIZE;
  const grain = { type: 'gaussian', mean: 112, sigma: 14 } as const;
  const asphalt = await sharp({ create: { width, height, channels: 3, background: '#707070', noise: grain } })
    .blur(0.8)
    .png()
    .toBuffer();
  const x = 560 + ((seed * 37) % 120);
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <path d="M0 0h${width}v150L0 210z" fill="#9fb4c4"/>
    <path d="M250 ${height} 560 190h14L330 ${height}z" fill="#d8d8d2" opacity=".8"/>
    <ellipse cx="${x}" cy="470" rx="112" ry="54" fill="#2b2825"/>
    <ellipse cx="${x + 8}" cy="480" rx="92" ry="40" fill="#1b1917"/>
  </svg>`;
  return sharp(asphalt)
    .composite([{ input: Buffer.from(drawing) }])
    .jpeg({ quality: 82 })
    .toBuffer();
}

/** Where the hole of that seed is. */
export function holeBox(seed: number): readonly [number, number, number, number] {
  const x = 560 + ((seed * 37) % 120);
  return [(x - 122) / SIZE.width, 406 / SIZE.height, 244 / SIZE.width, 128 / SIZE.height];
}
