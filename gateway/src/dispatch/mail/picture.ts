/** A picture made small enough for any mailbox: at most 1280 pixels a side, a few hundred kilobytes. */
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import type { StoredEvidence } from '../../evidence/store.ts';

const MAX_SOURCE_BYTES = 32 * 1024 * 1024;
const MAX_PIXELS = 64_000_000;
const MAX_SIDE = 1280;

/** JPEG without metadata. Throws for what is no picture or far too large; null in, null out. */
export async function mailPicture(file: StoredEvidence | null): Promise<Buffer | null> {
  if (file === null) return null;
  if (file.bytes > MAX_SOURCE_BYTES) throw new Error(`the picture has ${file.bytes} bytes`);
  return sharp(await buffer(file.open()), { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 78 })
    .toBuffer();
}
