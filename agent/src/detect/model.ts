/** A model folder made ready for a session. */
import { damageClass, type ModelRef, type NormalizedBox, type Thresholds } from '@roadwatch/contract';
import { type Manifest, readModel } from '@roadwatch/models';
import { type FrameFormat, planarFormat } from '../frame/pool.ts';
import type { Size } from '../frame/size.ts';
import type { Box, PixelBox } from './box.ts';

export { ModelError } from '@roadwatch/models';

export interface Model {
  readonly manifest: Manifest;
  /** Of its file, in memory that threads share: each would hold a copy of its own otherwise. */
  readonly bytes: Uint8Array;
  readonly ref: ModelRef;
  readonly format: FrameFormat;
  /** By class index: a box below it is not a box. */
  readonly thresholds: readonly number[];
}

/** Throws ModelError with one sentence when the folder cannot be used. */
export async function loadModel(folder: string): Promise<Model> {
  const { manifest, bytes } = await readModel(folder);
  return {
    manifest,
    bytes: inSharedMemory(bytes),
    ref: { name: manifest.name, version: manifest.version, sha256: manifest.sha256 },
    format: planarFormat(manifest.input),
    thresholds: manifest.classes.map((entry) => entry.threshold),
  };
}

function inSharedMemory(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  shared.set(bytes);
  return shared;
}

/** Of a class that never becomes an alert a manifest cannot say otherwise: no gateway takes it as one. */
function becomesAlert({ name, alert }: Manifest['classes'][number]): boolean {
  return alert && damageClass(name).alerts;
}

/** By class, of those that become alerts: the score from which the model tells of it. */
export function alertThresholds({ manifest }: Pick<Model, 'manifest'>): Thresholds {
  return Object.fromEntries(
    manifest.classes.filter(becomesAlert).map(({ name, threshold }) => [name, threshold]),
  );
}

/** The same model with every threshold replaced, as an evaluation of the whole precision-recall curve needs. */
export function withThreshold(model: Model, threshold: number): Model {
  return { ...model, thresholds: model.thresholds.map(() => threshold) };
}

/** The model's boxes as fractions of the full frame. */
export function boxesInFrame(model: Model, found: readonly PixelBox[], content: Size): Box[] {
  return found.flatMap((pixelBox) => {
    const box = toFrame(pixelBox, content);
    const entry = model.manifest.classes[pixelBox.classIndex];
    if (box === null || entry === undefined) return [];
    return [{ damageClass: entry.name, alert: becomesAlert(entry), score: pixelBox.score, box }];
  });
}

/** Fractions of the full frame, cut at its edges; null when nothing of the box lies inside. */
export function toFrame(box: PixelBox, content: Size): NormalizedBox | null {
  const left = clamp(box.x1 / content.width);
  const top = clamp(box.y1 / content.height);
  const width = clamp(box.x2 / content.width) - left;
  const height = clamp(box.y2 / content.height) - top;
  return width > 0 && height > 0 ? [left, top, width, height] : null;
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
