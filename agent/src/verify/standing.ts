/**
 * What stands at a place, by several pictures of it a few seconds apart: traffic that passes is in one of them, a lorry that stands and
 * people at work are in most, at the same place. Pure.
 */
import {
  intersectionOverUnion,
  MAX_STANDING,
  type NormalizedBox,
  type SceneReport,
  type StandingThing,
} from '@roadwatch/contract';
import type { RoadUser } from '../detect/road-users.ts';
import { containment, coveredShare } from '../track/overlap.ts';
import { believed } from './road-user-veto.ts';

/** As it is remembered of the time when damage was found. */
export type StoodThere = Pick<RoadUser, 'kind' | 'box'>;

/** Of vehicles: what overlaps by so much is at the same place. */
const SAME = 0.5;
/** Who works somewhere moves about: so many of their own widths and heights. */
const STEPS_ASIDE = 2;
const STEPS_DOWN = 0.5;
/** A box that lies in another by so much is a part of the same thing, seen once more. */
const PART = 0.8;
/** So far from the damage something that has to do with it may stand: times its size, and fractions of the picture at least. */
const REACH = 1.5;
const LEAST_REACH = 0.1;
/** Of the damage; what hides so much of it stands on it. */
const HIDES = 0.3;

/**
 * Two looks at one picture, the second from nearer: each thing once, whatever both looks, or two classes of the model, have called it.
 */
export function together(whole: readonly RoadUser[], near: readonly RoadUser[]): readonly RoadUser[] {
  const kept: RoadUser[] = [];
  const byScore = (users: readonly RoadUser[]) => users.toSorted((a, b) => b.score - a.score);
  for (const user of byScore(whole)) if (!kept.some((other) => overlaps(other, user))) kept.push(user);
  for (const user of byScore(near))
    if (!kept.some((other) => overlaps(other, user) || isPartOf(other, user))) kept.push(user);
  return kept;
}

/** What most of the pictures show at the same place, as the last of these has it, with the highest score. */
export function standingIn(pictures: readonly (readonly RoadUser[])[]): readonly RoadUser[] {
  let followed: { readonly last: RoadUser; readonly score: number; readonly seen: number }[] = [];
  for (const users of pictures) {
    const left = new Set(users);
    const gone: typeof followed = [];
    const met: typeof followed = [];
    for (const thing of followed) {
      const again = [...left].find((user) => isSameThing(thing.last, user));
      if (again === undefined) gone.push(thing);
      else {
        left.delete(again);
        met.push({ last: again, score: Math.max(thing.score, again.score), seen: thing.seen + 1 });
      }
    }
    followed = [...met, ...gone, ...[...left].map((last) => ({ last, score: last.score, seen: 1 }))];
  }
  return followed
    .filter(({ seen }) => seen * 2 > pictures.length)
    .map(({ last, score }) => ({ ...last, score }));
}

/**
 * What stands at the place now. `opening`: what stood around it when the damage was found; null: nobody knows. A person is always new:
 * nobody stands in a street for days.
 */
export function standingAt(
  place: NormalizedBox,
  pictures: readonly (readonly RoadUser[])[],
  opening: readonly StoodThere[] | null,
): SceneReport['standing'] {
  return standingIn(pictures.map(believed))
    .filter(({ box }) => standsAt(place, box))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MAX_STANDING)
    .map(
      (user): StandingThing => ({
        kind: user.kind,
        score: Math.min(1, user.score),
        box: inside(user.box),
        isNew: isPerson(user) || !(opening ?? []).some((other) => isSameThing(other, user)),
      }),
    );
}

/** On the damage, or with its foot near it: what is higher in the picture is farther away. */
function standsAt(place: NormalizedBox, box: NormalizedBox): boolean {
  if (coveredShare(place, box) >= HIDES) return true;
  const reachX = Math.max(LEAST_REACH, REACH * place[2]);
  const reachY = Math.max(LEAST_REACH, REACH * place[3]);
  const foot = box[1] + box[3];
  const isBeside = box[0] <= place[0] + place[2] + reachX && box[0] + box[2] >= place[0] - reachX;
  return isBeside && foot >= place[1] - reachY && foot <= place[1] + place[3] + reachY;
}

/** A model calls one van a car in one picture and a truck in the next. */
function isSameThing(a: StoodThere, b: StoodThere): boolean {
  if (isPerson(a) !== isPerson(b)) return false;
  if (!isPerson(a)) return intersectionOverUnion(a.box, b.box) >= SAME;
  const aside = Math.abs(a.box[0] + a.box[2] / 2 - b.box[0] - b.box[2] / 2);
  const down = Math.abs(a.box[1] + a.box[3] - b.box[1] - b.box[3]);
  return (
    aside <= (STEPS_ASIDE * (a.box[2] + b.box[2])) / 2 && down <= (STEPS_DOWN * (a.box[3] + b.box[3])) / 2
  );
}

function overlaps(a: RoadUser, b: RoadUser): boolean {
  return isPerson(a) === isPerson(b) && intersectionOverUnion(a.box, b.box) >= SAME;
}

/** What is seen from nearer may reach beyond what is seen then. */
function isPartOf(a: RoadUser, b: RoadUser): boolean {
  return isPerson(a) === isPerson(b) && containment(a.box, b.box) >= PART;
}

function isPerson({ kind }: StoodThere): boolean {
  return kind === 'person';
}

/** The part of it that lies in the picture. */
function inside([x, y, width, height]: NormalizedBox): NormalizedBox {
  const left = clamp(x);
  const top = clamp(y);
  return [left, top, round(clamp(x + width) - left), round(clamp(y + height) - top)];
}

function clamp(value: number): number {
  return round(Math.min(1, Math.max(0, value)));
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
