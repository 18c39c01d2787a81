/**
 * Whether something stands before the place of a candidate: it looks unlike it did when it was last seen there, and unlike it
 * usually does: where the usual road is seen, the candidate is not there. What stays unlike for long is not passing traffic.
 */
import type { NormalizedBox } from '@roadwatch/contract';
import { type Patch, patchDifference, patchOf } from './change.ts';
import type { LumaGrid } from './luma.ts';
import type { UsualLook } from './usual-look.ts';

/** Mean differences of brightness, of 255. */
const UNLIKE = 14;
const RESTLESS = 8;
const PASSING_MS = 5 * 60_000;

/** A frame of a view, and how that view usually looks. */
interface Sight {
  readonly atMs: number;
  readonly grid: LumaGrid;
  readonly usual: UsualLook;
}

interface Place {
  readonly asSeen: Patch;
  asBefore: Patch | null;
  sinceMs: number | null;
}

export class Occlusion {
  readonly #places = new Map<number, Place>();

  /** The candidate was seen: this is how its place looks when nothing hides it. */
  seen(key: number, { grid }: Sight, box: NormalizedBox): void {
    this.#places.set(key, { asSeen: patchOf(grid, box), asBefore: null, sinceMs: null });
  }

  isHidden(key: number, { atMs, grid, usual }: Sight, box: NormalizedBox): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    if (patchDifference(grid, place.asSeen) <= UNLIKE || usual.isShown(grid, box)) {
      place.sinceMs = null;
      place.asBefore = null;
      return false;
    }
    const restless = place.asBefore === null || patchDifference(grid, place.asBefore) > RESTLESS;
    place.asBefore = patchOf(grid, box);
    if (restless || place.sinceMs === null) place.sinceMs = atMs;
    return atMs - place.sinceMs < PASSING_MS;
  }

  forget(key: number): void {
    this.#places.delete(key);
  }
}
