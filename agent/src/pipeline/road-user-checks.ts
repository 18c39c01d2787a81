/**
 * Whether the candidates of a camera lie on vehicles or people: asked of a few sightings of each while it is being verified, so that
 * the answers are there when it is. What was refused is not followed for a while, at its place.
 */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Box } from '../detect/box.ts';
import type { RoadUsers } from '../detect/road-users.ts';
import { likeness } from '../track/overlap.ts';
import type { Track } from '../track/tracker.ts';
import { roadUserUnder, vetoOf } from '../verify/road-user-veto.ts';
import type { Look } from './look.ts';

/** Of each candidate. */
const SIGHTINGS = 3;
/** A vehicle that stands for long costs this little, and damage beside it that it seemed to carry is seen once it has gone. */
const REFUSED_MS = 60_000;
const SAME_PLACE = 0.5;
const MOST_REFUSED = 64;

interface Check {
  asked: number;
  /** What each sighting lies on, of those that could be answered. */
  readonly answers: (string | null)[];
  waiting: number;
}

/** `unknown`: it is being asked; `none`: it lies on no road user, or nobody can say. */
type RoadUserVerdict = 'unknown' | 'none' | { readonly on: string };

export class RoadUserChecks {
  readonly #roadUsers: Pick<RoadUsers, 'find'>;
  readonly #byTrack = new Map<number, Check>();
  #refused: { readonly box: NormalizedBox; readonly untilMs: number }[] = [];

  constructor(roadUsers: Pick<RoadUsers, 'find'>) {
    this.#roadUsers = roadUsers;
  }

  /** Without those at places where something was refused lately. */
  withoutRefused(boxes: readonly Box[], atMs: number): readonly Box[] {
    this.#refused = this.#refused.filter(({ untilMs }) => atMs < untilMs);
    if (this.#refused.length === 0) return boxes;
    return boxes.filter(({ box }) => this.#refused.every((place) => likeness(place.box, box) < SAME_PLACE));
  }

  /** Asks about the sighting in this look, while more are wanted of the track. */
  ask({ id, observations }: Track, { atMs, planes }: Look): void {
    const last = observations.at(-1);
    const check = this.#byTrack.get(id) ?? { asked: 0, answers: [], waiting: 0 };
    if (last === undefined || last.atMs !== atMs || check.asked >= SIGHTINGS) return;
    this.#byTrack.set(id, check);
    check.asked++;
    check.waiting++;
    void this.#roadUsers.find(planes, last.box).then((users) => {
      check.waiting--;
      if (users !== null) check.answers.push(roadUserUnder(last.box, users));
    });
  }

  verdictOf({ id }: Track): RoadUserVerdict {
    const { asked, answers, waiting } = this.#byTrack.get(id) ?? { asked: 0, answers: [], waiting: 0 };
    if (asked === 0 || waiting > 0) return 'unknown';
    const on = vetoOf(answers);
    return on === null ? 'none' : { on };
  }

  /** Nothing at this place is followed for a while. */
  refuse(box: NormalizedBox, atMs: number): void {
    this.#refused = [...this.#refused, { box, untilMs: atMs + REFUSED_MS }].slice(-MOST_REFUSED);
  }

  forget({ id }: Track): void {
    this.#byTrack.delete(id);
  }

  clear(): void {
    this.#byTrack.clear();
    this.#refused = [];
  }
}
