/**
 * What an agent that was ended has left of its rings, before recordings take their place: what is owed of them is set aside, and
 * the video of cameras that are no more is deleted.
 */
import { join } from 'node:path';
import { sweepRings } from './files.ts';
import { keepOwed, type OwedRing, owedFolder } from './owed.ts';
import type { RingRoom } from './room.ts';

interface LeftBehind {
  /** By camera; of others nothing is owed. */
  readonly owed: ReadonlyMap<string, OwedRing>;
  /** What could not be deleted, and why. */
  readonly undeleted: readonly string[];
}

/** `dir`: `ring.dir`. `momentsMs`: of each camera that there is, the moments that are to be shown. */
export function takeOverRings(
  dir: string,
  room: RingRoom,
  momentsMs: ReadonlyMap<string, readonly number[]>,
): LeftBehind {
  const owed = new Map<string, OwedRing>();
  for (const [camera, moments] of momentsMs)
    if (moments.length > 0) owed.set(camera, keepOwed(room.placesOf(join(dir, camera)), moments));
  const kept = [...owed.keys()].map(owedFolder);
  room.sweep(kept);
  return { owed, undeleted: sweepRings(dir, [...momentsMs.keys(), ...kept]) };
}
