/** Pictures for a telephone on a slow line: so small that a whole order fits in less than one photograph; whoever taps one gets it whole. */
import sharp from 'sharp';
import type { StoredEvidence } from '../evidence/store.ts';
import type { DecodeQueue } from './decode-queue.ts';

const MAX_SIDE = 560;
/** What two of them and the page itself leave of 100 kB. */
const MAX_BYTES = 32_000;
const QUALITIES = [60, 40, 25, 12];

/** JPEG of at most 32 kB. */
export function smallPicture(file: StoredEvidence, decoding: DecodeQueue): Promise<Buffer> {
  return decoding.run(async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of file.open()) chunks.push(Buffer.from(chunk));
    const picture = sharp(Buffer.concat(chunks), { pages: 1 }).resize({
      width: MAX_SIDE,
      height: MAX_SIDE,
      fit: 'inside',
      withoutEnlargement: true,
    });
    let small = Buffer.alloc(0);
    for (const quality of QUALITIES) {
      small = await picture.clone().jpeg({ quality, mozjpeg: true }).toBuffer();
      if (small.length <= MAX_BYTES) break;
    }
    return small;
  });
}
