/**
 * Boxes over time. Greedy association, best match first, of each frame's boxes with what was there before; a look in which a
 * track could have been seen and was not counts against it, a look past something that hides its place does not.
 */
import type { DamageClass, NormalizedBox } from '@roadwatch/contract';
import type { Box } from '../detect/box.ts';
import { familyOf } from './family.ts';
import { likeness, median, medianBox } from './overlap.ts';

interface Observation {
  readonly atMs: number;
  readonly box: NormalizedBox;
  readonly score: number;
  readonly damageClass: DamageClass;
  readonly alert: boolean;
}

export interface Track {
  readonly id: number;
  /** The last of them, at most MAX_OBSERVATIONS, oldest first; never empty. */
  readonly observations: readonly Observation[];
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
  /** Frames in which it could have been seen, and those that showed it. */
  readonly looked: number;
  readonly seen: number;
  /** The one with the highest score. */
  readonly best: Observation;
}

/** One analysed frame. */
export interface Look {
  readonly atMs: number;
  readonly boxes: readonly Box[];
  /** Whether something stands before the track's place. */
  isHidden(track: Track): boolean;
}

export interface Tracked {
  readonly begun: readonly Track[];
  readonly ended: readonly Track[];
}

const MAX_OBSERVATIONS = 64;
/** More at once is noise, not damage. */
const MAX_TRACKS = 64;
const LOST_AFTER_MS = 20_000;
const LOST_AFTER_LOOKS = 4;
const HOPELESS_LOOKS = 12;
const HOPELESS_RATIO = 0.25;
const CROSS_FAMILY_LIKENESS = 0.5;
const RECENT = 15;

interface Growing {
  readonly id: number;
  readonly observations: Observation[];
  readonly firstSeenAtMs: number;
  lastSeenAtMs: number;
  looked: number;
  seen: number;
  missed: number;
  best: Observation;
}

export class Tracker {
  #tracks: Growing[] = [];
  #nextId = 1;

  get tracks(): readonly Track[] {
    return this.#tracks;
  }

  update(look: Look): Tracked {
    const free = new Set(look.boxes);
    const unseen = new Set(this.#tracks);
    for (const { track, box } of this.#pairs(look.boxes)) {
      if (!free.has(box) || !unseen.has(track)) continue;
      free.delete(box);
      unseen.delete(track);
      observe(track, box, look.atMs);
    }
    for (const track of unseen) {
      if (look.isHidden(track)) continue;
      track.looked++;
      track.missed++;
    }
    const ended = this.#tracks.filter((track) => isOver(track, look.atMs));
    this.#tracks = this.#tracks.filter((track) => !ended.includes(track));
    const begun = [...free]
      .sort((a, b) => b.score - a.score)
      .slice(0, MAX_TRACKS - this.#tracks.length)
      .map((box) => this.#begin(box, look.atMs));
    this.#tracks.push(...begun);
    return { begun, ended };
  }

  /** Forgets a track, for instance because it has become a detection. */
  remove(track: Track): void {
    this.#tracks = this.#tracks.filter((other) => other !== track);
  }

  clear(): void {
    this.#tracks = [];
  }

  #pairs(boxes: readonly Box[]): { track: Growing; box: Box; match: number }[] {
    return this.#tracks
      .flatMap((track) => {
        const place = boxOf(track);
        return boxes.map((box) => ({ track, box, match: matchOf(track, place, box) }));
      })
      .filter(({ match }) => match > 0)
      .sort((a, b) => b.match - a.match);
  }

  #begin(box: Box, atMs: number): Growing {
    const first = { ...box, atMs };
    return {
      id: this.#nextId++,
      observations: [first],
      firstSeenAtMs: atMs,
      lastSeenAtMs: atMs,
      looked: 1,
      seen: 1,
      missed: 0,
      best: first,
    };
  }
}

function observe(track: Growing, box: Box, atMs: number): void {
  const observation = { ...box, atMs };
  track.observations.push(observation);
  if (track.observations.length > MAX_OBSERVATIONS) track.observations.shift();
  track.lastSeenAtMs = Math.max(track.lastSeenAtMs, atMs);
  track.looked++;
  track.seen++;
  track.missed = 0;
  if (box.score > track.best.score) track.best = observation;
}

function matchOf(track: Growing, place: NormalizedBox, box: Box): number {
  const match = likeness(place, box.box);
  if (familyOf(classOf(track)) === familyOf(box.damageClass)) return match;
  return match >= CROSS_FAMILY_LIKENESS ? match / 2 : 0;
}

function isOver(track: Growing, atMs: number): boolean {
  if (track.looked >= HOPELESS_LOOKS && track.seen / track.looked < HOPELESS_RATIO) return true;
  return atMs - track.lastSeenAtMs > LOST_AFTER_MS && track.missed >= LOST_AFTER_LOOKS;
}

/** Where it is: the median of its latest boxes. */
export function boxOf(track: Pick<Track, 'observations'>): NormalizedBox {
  return medianBox(track.observations.slice(-RECENT).map(({ box }) => box));
}

/** What it is: the class with the most score behind it. */
export function classOf(track: Pick<Track, 'observations'>): DamageClass {
  return voteOf(track).damageClass;
}

export function voteOf(track: Pick<Track, 'observations'>): { damageClass: DamageClass; alert: boolean } {
  const votes = new Map<DamageClass, { weight: number; alert: boolean }>();
  for (const { damageClass, score, alert } of track.observations) {
    const vote = votes.get(damageClass);
    votes.set(damageClass, { weight: (vote?.weight ?? 0) + score, alert });
  }
  const [winner] = [...votes].sort((a, b) => b[1].weight - a[1].weight);
  const [damageClass, { alert }] = winner as [DamageClass, { weight: number; alert: boolean }];
  return { damageClass, alert };
}

/** Median of the model's scores. */
export function scoreOf(track: Pick<Track, 'observations'>): number {
  return median(track.observations.map(({ score }) => score));
}
