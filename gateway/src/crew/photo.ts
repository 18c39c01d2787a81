/**
 * Photographs from crews' telephones: whatever the file claims to be, only what can be decoded as a picture goes on, encoded
 * anew, so that neither a hidden payload nor the place and device in its EXIF comes with it.
 */
import { open } from 'node:fs/promises';
import sharp from 'sharp';
import { Refusal } from '../refusal.ts';

export const MAX_PHOTO_BYTES = 64 * 1024 * 1024;
/**
 * A baseline JPEG is decoded row by row and at a fraction of its size, so the largest sensor of a telephone (16320 x 12240)
 * costs little; everything else is held whole while it is decoded: 64 million pixels are then some 400 MB.
 */
const MAX_PIXELS = { baselineJpeg: 205_000_000, other: 65_000_000 };
const MAX_SIDE = 2560;

/** What is wrong with what a crew sent, as its page says it. */
export type PhotoFault = 'missing' | 'format' | 'heic' | 'bytes' | 'pixels' | 'damaged' | 'count' | 'limit';

export class PhotoRefusal extends Refusal {
  readonly fault: PhotoFault;

  constructor(fault: PhotoFault, message: string) {
    super('photo_unusable', `photo: ${message}`);
    this.fault = fault;
  }
}

// What was decoded is not decoded again; without a cache its memory is free at once.
sharp.cache(false);

/** JPEG, at most 2560 pixels a side, upright. Throws PhotoRefusal. */
export async function cleanPhoto(path: string): Promise<Buffer> {
  const format = await formatOf(path);
  if (format === 'heic')
    throw new PhotoRefusal('heic', 'is an HEIC picture; expected a JPEG, PNG or WebP picture');
  if (format === null) throw new PhotoRefusal('format', 'expected a JPEG, PNG or WebP picture');
  const { width, height, isProgressive } = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch((): never => damaged());
  const most = format === 'jpeg' && !isProgressive ? MAX_PIXELS.baselineJpeg : MAX_PIXELS.other;
  if (width * height > most)
    throw new PhotoRefusal('pixels', `is ${width} x ${height} pixels; expected at most ${most} in all`);
  return sharp(path, { limitInputPixels: most, failOn: 'error', pages: 1, sequentialRead: true })
    .autoOrient()
    .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 82, mozjpeg: true })
    .toBuffer()
    .catch((): never => damaged());
}

function damaged(): never {
  throw new PhotoRefusal('damaged', 'the picture is damaged');
}

/** By its first bytes, before any decoder sees it; HEIC by the brands of its `ftyp` box (ISO 23008-12, 10.2). */
async function formatOf(path: string): Promise<'jpeg' | 'png' | 'webp' | 'heic' | null> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    const head = buffer.subarray(0, bytesRead).toString('latin1');
    if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
    if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
    if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
    return head.slice(4, 8) === 'ftyp' && /^(hei[cxms]|hev[cx]|mif1|msf1)/.test(head.slice(8))
      ? 'heic'
      : null;
  } finally {
    await file.close();
  }
}
