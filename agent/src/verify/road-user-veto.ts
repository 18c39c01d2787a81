/**
 * No damage lies on a vehicle or on a person. One that passes over damage hides it in some looks; what is seen on one, and not
 * without it, is part of it. Pure.
 */
import type { NormalizedBox } from '@roadwatch/contract';
import type { RoadUser } from '../detect/road-users.ts';
import { coveredShare } from '../track/overlap.ts';

/** Share of what was seen that must lie on it: a pothole beside a wheel is still one, and so is a long crack under a car. */
const MOSTLY = 0.6;
/** Share of the picture: the model takes a close-up of road for a person that fills it, and a street camera sees nobody so large. */
const LARGEST = 0.4;

/** Those that are not too large to be true. */
export function believed(users: readonly RoadUser[]): readonly RoadUser[] {
  return users.filter(({ box: [, , width, height] }) => width * height <= LARGEST);
}

/** What of it a sighting lies on; null: on none. */
export function roadUserUnder(box: NormalizedBox, users: readonly RoadUser[]): string | null {
  const [most] = believed(users)
    .map(({ kind, box: by }) => ({ kind, share: coveredShare(box, by) }))
    .filter(({ share }) => share >= MOSTLY)
    .sort((a, b) => b.share - a.share);
  return most?.kind ?? null;
}

/** What most of the sightings lie on, by what each lies on; null: they stand for themselves. */
export function vetoOf(sightings: readonly (string | null)[]): string | null {
  const on = sightings.filter((kind) => kind !== null);
  return on.length * 2 > sightings.length ? (on.at(-1) ?? null) : null;
}
