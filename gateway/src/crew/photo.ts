/**
 * Photographs from crews' telephones: whatever the file claims to be, only what can be decoded as a picture goes on, encoded
 * anew, so that neither a hidden payload nor the place and device in its EXIF comes with it.
 */
import sharp from 'sharp';
import { Refusal } from '../refusal.ts';

export const MAX_PHOTO_BYTES = 20 * 1024 * 1024;
/** A 48-megapixel telephone, with room; a bomb unpacks to far more. */
const MAX_PIXELS = 64_000_000;
const MAX_SIDE = 2560;

/** JPEG, at most 2560 pixels a side, upright. Throws Refusal with `photo: ...`. */
export async function cleanPhoto(bytes: Uint8Array): Promise<Buffer> {
  if (!isPicture(bytes)) throw new Refusal('invalid', 'photo: expected a JPEG, PNG or WebP picture');
  try {
    return await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 })
      .autoOrient()
      .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 82, mozjpeg: true })
      .toBuffer();
  } catch {
    throw new Refusal('invalid', 'photo: the picture is damaged or too large');
  }
}

/** By its first bytes, before any decoder sees it. */
function isPicture(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return (
    head.startsWith('\xff\xd8\xff') ||
    head.startsWith('\x89PNG\r\n\x1a\n') ||
    (head.startsWith('RIFF') && head.slice(8) === 'WEBP')
  );
}
