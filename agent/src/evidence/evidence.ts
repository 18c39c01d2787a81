/** Evidence as it is published: bytes with their name, kind and SHA-256. */
import { availableParallelism } from 'node:os';
import {
  type EvidenceRef,
  MAX_EVIDENCE_BYTES,
  type NormalizedPolygon,
  sha256,
  timestamp,
} from '@roadwatch/contract';
import sharp from 'sharp';
import type { Recording } from '../camera/segments.ts';
import { cutClip } from './clip.ts';
import { CuttingTurns } from './cutting-turns.ts';
import { canDrawChinese, type Mark, overlaySvg } from './overlay.ts';
import { cutStill, EvidenceError, type Still } from './still.ts';

export interface EvidenceFile {
  readonly ref: EvidenceRef;
  readonly bytes: Buffer;
}

export interface EvidenceSource {
  readonly camera: string;
  readonly recording: Recording;
  /** Those of now: what was cut with fewer is cut again. */
  readonly masks: readonly NormalizedPolygon[];
}

const QUALITIES = [90, 80, 65, 45] as const;

/** A fourth of the cores, so that a busy moment does not starve the decoders; two at least, so that one slow cut does not hold up the rest. */
const AT_ONCE = Math.max(2, Math.floor(availableParallelism() / 4));

/** Cuts evidence, for all cameras in turn. */
export class EvidenceMaker {
  readonly #turns = new CuttingTurns(AT_ONCE);
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** The full-resolution still of a moment and the same with the mark drawn in. Throws EvidenceError. */
  async pictures(from: EvidenceSource, atMs: number, mark: Mark | null): Promise<EvidenceFile[]> {
    return this.#turns.run(from.camera, 'still', async () => {
      const still = await withMasksOfNow(from, (masks) =>
        cutStill(from.recording, atMs, masks, this.#signal),
      );
      const plain = file('still.jpg', 'still', await encode(still, null), still.capturedAtMs);
      if (mark === null) return [plain];
      return [plain, file('overlay.jpg', 'overlay', await encode(still, mark), still.capturedAtMs)];
    });
  }

  /** Call it once the time after the moment has passed. Throws EvidenceError. */
  async clip(from: EvidenceSource, atMs: number): Promise<EvidenceFile> {
    return this.#turns.run(from.camera, 'clip', async () => {
      const bytes = await withMasksOfNow(from, (masks) =>
        cutClip(from.recording, atMs, masks, MAX_EVIDENCE_BYTES, this.#signal),
      );
      return file('clip.mp4', 'clip', bytes, atMs);
    });
  }
}

/** A mask that comes while a picture is cut is in the picture. */
async function withMasksOfNow<Cut>(
  from: EvidenceSource,
  cut: (masks: readonly NormalizedPolygon[]) => Promise<Cut>,
): Promise<Cut> {
  for (;;) {
    const { masks } = from;
    const result = await cut(masks);
    if (from.masks === masks) return result;
  }
}

async function encode({ width, height, rgb }: Still, mark: Mark | null): Promise<Buffer> {
  const layers =
    mark === null
      ? []
      : [{ input: Buffer.from(overlaySvg({ width, height }, mark, await canDrawChinese())) }];
  for (const quality of QUALITIES) {
    const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .composite(layers)
      .jpeg({ quality })
      .toBuffer();
    if (jpeg.length <= MAX_EVIDENCE_BYTES) return jpeg;
  }
  throw new EvidenceError('the picture is too large at any quality');
}

function file(name: string, kind: EvidenceRef['kind'], bytes: Buffer, atMs: number): EvidenceFile {
  const contentType = kind === 'clip' ? 'video/mp4' : 'image/jpeg';
  const ref = {
    name,
    kind,
    contentType,
    sha256: sha256(bytes),
    bytes: bytes.length,
    capturedAt: timestamp(atMs),
  };
  return { ref: ref as EvidenceRef, bytes };
}
