/** Evidence as it is published: bytes with their name, kind and SHA-256. */

import { availableParallelism } from 'node:os';
import { wallMs } from '@roadwatch/common';
import {
  type EvidenceRef,
  MAX_EVIDENCE_BYTES,
  type NormalizedPolygon,
  sha256,
  timestamp,
} from '@roadwatch/contract';
import sharp, { type Sharp } from 'sharp';
import type { OwedRing } from '../ring/owed.ts';
import type { Recording, StreamNeed } from '../ring/segments.ts';
import { type ClipSource, cutClip } from './clip.ts';
import { CuttingTurns } from './cutting-turns.ts';
import { canDrawChinese, type Mark, overlaySvg } from './overlay.ts';
import { cutFirst, cutStill, EvidenceError, type Still, untilRecorded } from './still.ts';

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

export type OwedSource = Omit<EvidenceSource, 'recording'> & { readonly recording: OwedRing };

// Each picture is made once, so nothing of it is kept for the next; and each further thread has buffers of its own. 20 MiB here.
sharp.cache(false);
sharp.concurrency(1);

const QUALITIES = [90, 80, 65, 45] as const;

/** A fourth of the cores, so that a busy moment does not starve the decoders; two at least, so that one slow cut does not hold up the rest. */
const AT_ONCE = Math.max(2, Math.floor(availableParallelism() / 4));

/** A full stream has its turn within this, or what it was to show is given up: damage stands still, and a person does not wait. */
export const TURN_WITHIN_MS = { found: 60_000, asked: 10_000 } as const;

/** Cuts evidence, for all cameras in turn. */
export class EvidenceMaker {
  readonly #turns = new CuttingTurns(AT_ONCE);
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** The full-resolution still of a moment, and who waits for it. Throws EvidenceError. */
  async still(from: EvidenceSource, atMs: number, need: StreamNeed): Promise<EvidenceFile> {
    const leave = from.recording.ring.follow(need);
    try {
      // Before the turn: a camera that has to wait for its video keeps no other from cutting.
      await untilRecorded(from.recording, atMs, TURN_WITHIN_MS[need], this.#signal);
      return await this.#turns.run(from.camera, 'still', async () =>
        stillFile(await withMasksOfNow(from, (masks) => cutStill(from.recording, atMs, masks, this.#signal))),
      );
    } finally {
      leave();
    }
  }

  /** A still and the same with the mark drawn in. Throws EvidenceError. */
  async marked(still: EvidenceFile, mark: Mark): Promise<EvidenceFile[]> {
    const picture = sharp(still.bytes);
    const { width, height } = await picture.metadata();
    const layer = Buffer.from(overlaySvg({ width, height }, mark, await canDrawChinese()));
    return [
      still,
      file('overlay', await encode(picture.composite([{ input: layer }])), still.ref.capturedAt),
    ];
  }

  /** The still of a moment and the same with the mark drawn in. Throws EvidenceError. */
  async pictures(from: EvidenceSource, atMs: number, mark: Mark, need: StreamNeed): Promise<EvidenceFile[]> {
    return this.marked(await this.still(from, atMs, need), mark);
  }

  /** A picture that is there already, and the same with the mark drawn in. Throws EvidenceError. */
  async seen(picture: Still, mark: Mark): Promise<EvidenceFile[]> {
    return this.marked(await stillFile(picture), mark);
  }

  /** The same of what an earlier start of the agent has recorded. Throws EvidenceError. */
  async owedPictures(from: OwedSource, atMs: number, mark: Mark): Promise<EvidenceFile[]> {
    const segment = from.recording.holding(atMs);
    if (segment === undefined) throw new EvidenceError('it was not recorded', 'not_recorded');
    const still = await this.#turns.run(from.camera, 'still', async () =>
      stillFile(await withMasksOfNow(from, (masks) => cutFirst(segment, masks, this.#signal))),
    );
    return this.marked(still, mark);
  }

  /** Throws EvidenceError. */
  async owedClip(from: OwedSource, atMs: number): Promise<EvidenceFile> {
    if (from.recording.holding(atMs) === undefined)
      throw new EvidenceError('it was not recorded', 'not_recorded');
    return this.#clip(from, atMs);
  }

  /** Call it once the time after the moment has passed. Throws EvidenceError. */
  async clip(from: EvidenceSource, atMs: number): Promise<EvidenceFile> {
    return this.#clip(from, atMs);
  }

  async #clip(
    from: Omit<EvidenceSource, 'recording'> & { readonly recording: ClipSource },
    atMs: number,
  ): Promise<EvidenceFile> {
    return this.#turns.run(from.camera, 'clip', async () => {
      const { bytes, beginsAtMs } = await withMasksOfNow(from, (masks) =>
        cutClip(from.recording, atMs, masks, MAX_EVIDENCE_BYTES, this.#signal),
      );
      const { ref } = file('clip', bytes, timestamp(wallMs(atMs)));
      const late = beginsAtMs === null ? {} : { beginsAt: timestamp(wallMs(beginsAtMs)) };
      return { ref: { ...ref, ...late }, bytes };
    });
  }
}

async function stillFile({ width, height, rgb, capturedAtMs }: Still): Promise<EvidenceFile> {
  const picture = sharp(rgb, { raw: { width, height, channels: 3 } });
  return file('still', await encode(picture), timestamp(wallMs(capturedAtMs)));
}

/** A mask that comes while a picture is cut is in the picture. */
async function withMasksOfNow<Cut>(
  from: Pick<EvidenceSource, 'masks'>,
  cut: (masks: readonly NormalizedPolygon[]) => Promise<Cut>,
): Promise<Cut> {
  for (;;) {
    const { masks } = from;
    const result = await cut(masks);
    if (from.masks === masks) return result;
  }
}

async function encode(picture: Sharp): Promise<Buffer> {
  for (const quality of QUALITIES) {
    const jpeg = await picture.clone().jpeg({ quality }).toBuffer();
    if (jpeg.length <= MAX_EVIDENCE_BYTES) return jpeg;
  }
  throw new EvidenceError('the picture is too large at any quality');
}

/** What each kind is called. */
export const EVIDENCE_NAMES = { still: 'still.jpg', overlay: 'overlay.jpg', clip: 'clip.mp4' } as const;

function file(kind: EvidenceRef['kind'], bytes: Buffer, capturedAt: string): EvidenceFile {
  const contentType = kind === 'clip' ? 'video/mp4' : 'image/jpeg';
  const ref = {
    name: EVIDENCE_NAMES[kind],
    kind,
    contentType,
    sha256: sha256(bytes),
    bytes: bytes.length,
    capturedAt,
  };
  return { ref: ref as EvidenceRef, bytes };
}
