/**
 * What a camera is already known to see. A box at a known place is that damage again, not a new one: that keeps one real
 * damage to one detection, while it is hidden by traffic and after the agent was restarted. Pure; the store is elsewhere.
 */
import type { DamageClass, EvidenceRef, MissingEvidence, NormalizedBox } from '@roadwatch/contract';
import { intersectionOverUnion } from '@roadwatch/contract';
import type { Box } from '../detect/box.ts';
import { familyOf } from '../track/family.ts';
import { centreDistance, containment, medianBox } from '../track/overlap.ts';
import { boxOf, classOf, scoreOf, type Track } from '../track/tracker.ts';
import type { PlaceSight } from './place-look.ts';

/** One known damage, as it is stored. Times in ms of the steady clock. */
export interface KnownDamage {
  readonly id: string;
  readonly camera: string;
  /** Which of the camera's views it was seen in; null: from a time when that was not noted. */
  readonly view: string | null;
  readonly damageClass: DamageClass;
  readonly score: number;
  readonly box: NormalizedBox;
  readonly firstSeenAtMs: number;
  readonly verifiedAtMs: number;
  readonly lastSeenAtMs: number;
  readonly capturedAtMs: number;
  /** Of the last message about it. */
  readonly revision: number;
  readonly publishedBox: NormalizedBox;
  readonly publishedAtMs: number;
  readonly seen: number;
  readonly looked: number;
  readonly frame: { readonly width: number; readonly height: number };
  readonly evidence: readonly EvidenceRef[];
  /** Kinds of evidence that are still to follow; after a restart, too. */
  readonly owed?: readonly EvidenceRef['kind'][];
  readonly missing?: readonly MissingEvidence[];
}

/** What a message has said of it. */
export type Published = Required<
  Pick<
    KnownDamage,
    'revision' | 'evidence' | 'missing' | 'owed' | 'publishedBox' | 'publishedAtMs' | 'capturedAtMs'
  >
>;

/** What a track has become. Times in ms of the steady clock; `capturedAtMs`: of the still that shows it. */
export function verifiedDamage(
  track: Track,
  {
    nowMs,
    ...from
  }: Pick<KnownDamage, 'id' | 'camera' | 'view' | 'frame' | 'capturedAtMs'> & { readonly nowMs: number },
): KnownDamage {
  const box = boxOf(track);
  return {
    ...from,
    damageClass: classOf(track),
    box,
    score: scoreOf(track),
    firstSeenAtMs: track.firstSeenAtMs,
    verifiedAtMs: nowMs,
    lastSeenAtMs: track.lastSeenAtMs,
    revision: 1,
    publishedBox: box,
    publishedAtMs: nowMs,
    seen: track.seen,
    looked: track.looked,
    evidence: [],
  };
}

export interface KnownEvent {
  readonly kind: 'grown' | 'cleared';
  readonly damage: KnownDamage;
}

export interface ClearRules {
  readonly clearAfterMinutes: number;
}

/** Looks that must have shown the road whole before it is called so, besides the time. */
const CLEAR_LOOKS = 10;
/** Nobody knows what was between looks that are further apart: it does not count as time in which the road was whole. */
const MAX_GAP_MS = 60_000;
const GROWN_BY = 1.5;
const GROWN_PAUSE_MS = 10 * 60_000;
const RECENT = 15;

interface Watched {
  damage: KnownDamage;
  recent: NormalizedBox[];
  wholeLooks: number;
  wholeMs: number;
  wholeAtMs: number | null;
}

export class KnownDamages {
  #rules: ClearRules;
  #watched: Watched[];

  constructor(rules: ClearRules, known: readonly KnownDamage[]) {
    this.#rules = rules;
    this.#watched = known.map(watch);
  }

  set rules(rules: ClearRules) {
    this.#rules = rules;
  }

  get all(): readonly KnownDamage[] {
    return this.#watched.map(({ damage }) => damage);
  }

  add(damage: KnownDamage): void {
    this.#watched.push(watch(damage));
  }

  /** Notes what was published of a damage, if it is still there; sightings since then stay. */
  published(id: string, what: Published): void {
    const entry = this.#watched.find(({ damage }) => damage.id === id);
    if (entry === undefined) return;
    const { revision, evidence, missing, owed, publishedBox, publishedAtMs, capturedAtMs } = what;
    const now = { revision, evidence, missing, owed, publishedBox, publishedAtMs, capturedAtMs };
    entry.damage = { ...entry.damage, ...now };
  }

  get(id: string): KnownDamage | undefined {
    return this.#watched.find(({ damage }) => damage.id === id)?.damage;
  }

  /** The known damage that this would be, if it were verified now. */
  match(view: string, box: NormalizedBox, damageClass: DamageClass): KnownDamage | undefined {
    return this.#watched.find(({ damage }) => damage.view === view && isSame(damage, box, damageClass))
      ?.damage;
  }

  /** What belongs to none of the views that are known belongs to this one. */
  attach(view: string, isKnown: (view: string) => boolean): void {
    for (const entry of this.#watched) {
      if (entry.damage.view === null || !isKnown(entry.damage.view)) entry.damage = { ...entry.damage, view };
    }
  }

  /**
   * Takes out the boxes of the damage that is known in this view, and notes of each whether it was seen, or the road there whole.
   * What cannot be seen, and what belongs to another view, stays as it is known, for as long as that lasts.
   */
  absorb(
    view: string,
    boxes: readonly Box[],
    atMs: number,
    sightOf: (damage: KnownDamage) => PlaceSight,
  ): {
    readonly rest: readonly Box[];
    readonly seen: readonly KnownDamage[];
    readonly events: readonly KnownEvent[];
  } {
    const rest = new Set(boxes);
    const seen: KnownDamage[] = [];
    const events: KnownEvent[] = [];
    for (const entry of this.#watched) {
      if (entry.damage.view !== view) continue;
      const own = boxes.filter((box) => isSame(entry.damage, box.box, box.damageClass));
      for (const box of own) rest.delete(box);
      const best = own.filter((box) => box.alert).sort((a, b) => b.score - a.score)[0];
      if (best !== undefined) {
        seen.push(entry.damage);
        if (sawIt(entry, best, atMs)) events.push({ kind: 'grown', damage: entry.damage });
      } else if (sightOf(entry.damage) === 'clear' && sawItWhole(entry, atMs, this.#rules)) {
        events.push({ kind: 'cleared', damage: entry.damage });
      }
    }
    const cleared = new Set(events.filter(({ kind }) => kind === 'cleared').map(({ damage }) => damage.id));
    this.#watched = this.#watched.filter(({ damage }) => !cleared.has(damage.id));
    return { rest: [...rest], seen, events };
  }
}

function watch(damage: KnownDamage): Watched {
  return { damage, recent: [], wholeLooks: 0, wholeMs: 0, wholeAtMs: null };
}

/** Overlap decides; a crack and a pothole must overlap well to be one thing, a repair at the place is not the damage. */
export function isSame(
  damage: Pick<KnownDamage, 'box' | 'damageClass'>,
  box: NormalizedBox,
  damageClass: DamageClass,
): boolean {
  const family = familyOf(damageClass);
  const iou = intersectionOverUnion(damage.box, box);
  if (family === 'repair') return false;
  if (family !== familyOf(damage.damageClass)) return iou >= 0.3 || containment(damage.box, box) >= 0.7;
  return iou >= 0.2 || containment(damage.box, box) >= 0.6 || centreDistance(damage.box, box) < 0.4;
}

/** True when it has grown so much that the gateway should hear of it. */
function sawIt(entry: Watched, best: Box, atMs: number): boolean {
  entry.wholeLooks = 0;
  entry.wholeMs = 0;
  entry.wholeAtMs = null;
  entry.recent.push(best.box);
  if (entry.recent.length > RECENT) entry.recent.shift();
  const { damage } = entry;
  const full = entry.recent.length === RECENT;
  const box = full ? medianBox(entry.recent) : damage.box;
  entry.damage = {
    ...damage,
    box,
    lastSeenAtMs: Math.max(damage.lastSeenAtMs, atMs),
    seen: damage.seen + 1,
    looked: damage.looked + 1,
  };
  const area = box[2] * box[3];
  const published = damage.publishedBox[2] * damage.publishedBox[3];
  return full && area >= published * GROWN_BY && atMs - damage.publishedAtMs >= GROWN_PAUSE_MS;
}

/** True when the road there has been seen whole for long enough. */
function sawItWhole(entry: Watched, atMs: number, rules: ClearRules): boolean {
  const gapMs = entry.wholeAtMs === null ? 0 : Math.max(0, atMs - entry.wholeAtMs);
  entry.wholeMs += Math.min(MAX_GAP_MS, gapMs);
  entry.wholeAtMs = atMs;
  entry.wholeLooks++;
  entry.damage = { ...entry.damage, looked: entry.damage.looked + 1 };
  return entry.wholeLooks >= CLEAR_LOOKS && entry.wholeMs >= rules.clearAfterMinutes * 60_000;
}
