/** What a picture can be cut from now, for whoever asks for one. */
import type { EvidenceSource } from '../evidence/evidence.ts';
import type { CameraPipeline } from '../pipeline/camera-pipeline.ts';
import { CommandRefusal } from './command-refusal.ts';

/** A still is cut from a moment that is on disk for certain. */
export const SETTLED_MS = 500;

/** Throws CommandRefusal when the camera does not stream. */
export function mustStream(watch: CameraPipeline): EvidenceSource {
  const source = watch.evidenceSource();
  const { connection, reason } = watch.status;
  if (source === null || connection !== 'streaming')
    throw new CommandRefusal('camera_not_streaming', `the camera does not stream: ${reason ?? connection}`);
  return source;
}
