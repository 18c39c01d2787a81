/**
 * Small copies of pictures for lists: two hundred lines must not load two hundred stills. Made when a picture comes, and on demand for
 * those from before; kept in the evidence store beside the picture, under a name that follows from its own, and deleted with it.
 */
import { buffer } from 'node:stream/consumers';
import { thrown } from '@roadwatch/common';
import { sha256 as sha256Of } from '@roadwatch/contract';
import type { Logger } from 'pino';
import sharp from 'sharp';
import { Refusal } from '../refusal.ts';
import { contentTypeOf, type EvidenceStore, EvidenceUnavailable, type StoredEvidence } from './store.ts';

const MAX_BYTES = 10_000;
const WIDTH = 320;
const HEIGHT = 240;
/** The first that is small enough is taken; the last always is: 320 x 240 pixels of noise are 9 kB at 10. */
const QUALITIES = [72, 55, 40, 25, 10] as const;
/** A camera's still is 8 megapixels at most; a crew's photograph has been made smaller than this. */
const MAX_PIXELS = 50_000_000;
const MAX_PICTURE_BYTES = 32 * 1024 * 1024;
/** A decoded picture is some 25 MB, so one at a time; what does not fit is made when somebody asks for it. */
const MAX_WAITING = 64;

/** Names the small copy in the evidence store. */
export function thumbnailName(sha256: string): string {
  return sha256Of(`thumbnail of ${sha256}`);
}

/** Null for what is no picture that can be read: it may be of anybody who can send one. */
async function makeThumbnail(picture: Uint8Array): Promise<Buffer | null> {
  if (contentTypeOf(picture) !== 'image/jpeg') return null;
  try {
    // Decoded once, however many qualities it takes.
    const { data, info } = await sharp(picture, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 })
      .autoOrient()
      .resize({ width: WIDTH, height: HEIGHT, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    for (const quality of QUALITIES) {
      const bytes = await sharp(data, { raw: { width, height, channels } })
        .jpeg({ quality, mozjpeg: true })
        .toBuffer();
      if (bytes.length <= MAX_BYTES) return bytes;
    }
    return null;
  } catch {
    return null;
  }
}

export class Thumbnails {
  readonly #evidence: EvidenceStore;
  readonly #log: Logger;
  readonly #making = new Map<string, Promise<Buffer | null>>();
  #last: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(evidence: EvidenceStore, log: Logger) {
    this.#evidence = evidence;
    this.#log = log;
  }

  /** Makes it by and by, so that it is there when somebody looks; left out when many wait already. */
  ahead(sha256: string): void {
    if (this.#stopped || this.#making.size >= MAX_WAITING) return;
    this.#make(sha256).catch((error: Error) => this.#log.warn(thrown(error), 'thumbnail not made'));
  }

  /** Null when there is no such picture, or none that can be read. Throws Refusal when many wait already. */
  async get(sha256: string): Promise<StoredEvidence | Buffer | null> {
    const kept = await this.#evidence.get(thumbnailName(sha256));
    if (kept !== null) return kept;
    if (!this.#making.has(sha256) && this.#making.size >= MAX_WAITING)
      throw new Refusal('thumbnails_crowded', 'too many small pictures are being made at present', 1);
    return this.#make(sha256);
  }

  /** Resolves once nothing is being made any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#last;
  }

  #make(sha256: string): Promise<Buffer | null> {
    const under = this.#making.get(sha256);
    if (under !== undefined) return under;
    const made = this.#last
      .then(() =>
        this.#stopped
          ? Promise.reject(new EvidenceUnavailable('the gateway is stopping'))
          : this.#store(sha256),
      )
      .finally(() => this.#making.delete(sha256));
    this.#making.set(sha256, made);
    this.#last = made.catch(() => {});
    return made;
  }

  async #store(sha256: string): Promise<Buffer | null> {
    const file = await this.#evidence.get(sha256);
    if (file === null || file.bytes > MAX_PICTURE_BYTES) return null;
    const bytes = await makeThumbnail(await buffer(file.open()));
    if (bytes !== null) await this.#evidence.put(thumbnailName(sha256), bytes);
    return bytes;
  }
}
