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
import { extentOf, isWithin, liesBeside } from './field.ts';
import type { PlaceSight } from './place-look.ts';
import type { StoodThere } from './standing.ts';

/** One known damage, as it is stored. Times in ms of the steady clock. */
export interface KnownDamage {
  readonly id: string;
  /** The damage that this one is told with, being part of its field; left out: it is told for itself. */
  readonly partOf?: string;
  readonly camera: string;
  /** Which of the camera's views it was seen in; null: from a time when that was not noted. */
  readonly view: string | null;
  readonly damageClass: DamageClass;
  readonly score: number;
  readonly box: NormalizedBox;
  readonly firstSeenAtMs: number;
  /** Left out where nobody can say. */
  readonly since?: 'before_first_look';
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
  /** Vehicles and people around it in its picture; left out: nobody has looked for them. */
  readonly around?: readonly StoodThere[];
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
  }: Pick<KnownDamage, 'id' | 'partOf' | 'camera' | 'view' | 'since' | 'frame' | 'capturedAtMs'> & {
    readonly nowMs: number;
  },
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
  /** As it is told: of a field with its extent. */
  readonly damage: KnownDamage;
  /** The ids of what of it has to be learnt anew, being larger now; none where more was found beside it. */
  readonly places: readonly string[];
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
const MOST_AROUND = 32;
/**
 * What is verified later than this after the first of a field is told for itself: an operator may have judged that one by then. Its
 * extent is told once no more have come for a while, and no later than the other.
 */
const FIELD_MS = 120_000;
const FIELD_SETTLED_MS = 10_000;
const FIELD_TOLD_WITHIN_MS = 30_000;
/** A disk that cannot be written may lose what is told; so long it is not told again. */
const TELLING_MS = 60_000;

interface Watched {
  damage: KnownDamage;
  recent: NormalizedBox[];
  wholeLooks: number;
  wholeMs: number;
  wholeAtMs: number | null;
  /** Since when its extent is on its way to be published; null: it is not. */
  tellingAtMs: number | null;
}

export class KnownDamages {
  #rules: ClearRules;
  #watched: Watched[];

  constructor(rules: ClearRules, known: readonly KnownDamage[]) {
    this.#rules = rules;
    const told = new Set(known.map(({ id }) => id));
    // Of a part without what it was told with nobody knows.
    this.#watched = known.filter(({ partOf }) => partOf === undefined || told.has(partOf)).map(watch);
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
    entry.tellingAtMs = null;
  }

  /** Notes who is in the picture of a damage, if it is still there. */
  stoodAround(id: string, users: readonly StoodThere[]): void {
    const entry = this.#watched.find(({ damage }) => damage.id === id);
    if (entry === undefined) return;
    const around = users.slice(0, MOST_AROUND).map(({ kind, box }) => ({ kind, box }));
    entry.damage = { ...entry.damage, around };
  }

  get(id: string): KnownDamage | undefined {
    return this.#watched.find(({ damage }) => damage.id === id)?.damage;
  }

  /** Those that are told with it. */
  partsOf(id: string): readonly KnownDamage[] {
    return this.all.filter(({ partOf }) => partOf === id);
  }

  /** The known damage that this is to be told with: found a moment ago, of its kind, and beside it or one of its parts. */
  beside(view: string, box: NormalizedBox, damageClass: DamageClass, nowMs: number): KnownDamage | undefined {
    return this.all
      .filter((known) => known.view === view && liesBeside(known, { box, damageClass }))
      .map(({ id, partOf = id }) => this.get(partOf) as KnownDamage)
      .find(({ verifiedAtMs }) => nowMs - verifiedAtMs <= FIELD_MS);
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
        sawIt(entry, best, atMs);
      } else if (sightOf(entry.damage) === 'clear') sawItWhole(entry, atMs);
    }
    const seenIds = new Set(seen.map(({ id }) => id));
    for (const field of this.#fields(view)) {
      const places = field.map(({ damage }) => damage.id).filter((id) => seenIds.has(id));
      if (isWhole(field, atMs, this.#rules))
        events.push({ kind: 'cleared', damage: field[0].damage, places: [] });
      else if (places.length > 0 && hasGrown(field, atMs))
        events.push({ kind: 'grown', damage: asTold(field), places });
      else if (isToBeTold(field, atMs)) {
        field[0].tellingAtMs = atMs;
        events.push({ kind: 'grown', damage: asTold(field), places: [] });
      }
    }
    const cleared = new Set(events.filter(({ kind }) => kind === 'cleared').map(({ damage }) => damage.id));
    this.#watched = this.#watched.filter(({ damage: { id, partOf = id } }) => !cleared.has(partOf));
    return { rest: [...rest], seen, events };
  }

  #fields(view: string): readonly Field[] {
    const parts = Map.groupBy(this.#watched, ({ damage: { id, partOf = id } }) => partOf);
    return [...parts.values()].map(inOrder).filter(([first]) => first.damage.view === view);
  }
}

/** What is told of together: first the damage that it is told as, then the others; most have none. */
type Field = readonly [Watched, ...Watched[]];

function inOrder(entries: readonly Watched[]): Field {
  const [first] = entries.filter(({ damage }) => damage.partOf === undefined) as [Watched];
  return [first, ...entries.filter((entry) => entry !== first)];
}

function asTold([first, ...parts]: Field): KnownDamage {
  const { damage } = first;
  if (parts.length === 0) return damage;
  const boxes = parts.flatMap(({ damage: { box, publishedBox } }) => [box, publishedBox]);
  return { ...damage, box: extentOf([damage.box, damage.publishedBox, ...boxes]) };
}

function watch(damage: KnownDamage): Watched {
  return { damage, recent: [], wholeLooks: 0, wholeMs: 0, wholeAtMs: null, tellingAtMs: null };
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

function sawIt(entry: Watched, best: Box, atMs: number): void {
  entry.wholeLooks = 0;
  entry.wholeMs = 0;
  entry.wholeAtMs = null;
  entry.recent.push(best.box);
  if (entry.recent.length > RECENT) entry.recent.shift();
  const { damage } = entry;
  entry.damage = {
    ...damage,
    box: entry.recent.length === RECENT ? medianBox(entry.recent) : damage.box,
    lastSeenAtMs: Math.max(damage.lastSeenAtMs, atMs),
    seen: damage.seen + 1,
    looked: damage.looked + 1,
  };
}

function sawItWhole(entry: Watched, atMs: number): void {
  const gapMs = entry.wholeAtMs === null ? 0 : Math.max(0, atMs - entry.wholeAtMs);
  entry.wholeMs += Math.min(MAX_GAP_MS, gapMs);
  entry.wholeAtMs = atMs;
  entry.wholeLooks++;
  entry.damage = { ...entry.damage, looked: entry.damage.looked + 1 };
}

/** Whether it has stayed so much larger than it was told to be that the gateway should hear of it. */
function hasGrown(field: Field, atMs: number): boolean {
  const { publishedBox, publishedAtMs } = field[0].damage;
  if (atMs - publishedAtMs < GROWN_PAUSE_MS) return false;
  const { box } = asTold(field);
  const isSteady = field.some(({ recent }) => recent.length === RECENT);
  return isSteady && box[2] * box[3] >= publishedBox[2] * publishedBox[3] * GROWN_BY;
}

/** Whether parts of it are not yet told, and no more seem to come. */
function isToBeTold([{ damage, tellingAtMs }, ...parts]: Field, atMs: number): boolean {
  if (tellingAtMs !== null && atMs - tellingAtMs < TELLING_MS) return false;
  const since = parts
    .map((part) => part.damage)
    .filter(({ publishedBox }) => !isWithin(publishedBox, damage.publishedBox))
    .map(({ verifiedAtMs }) => atMs - verifiedAtMs);
  return (
    since.length > 0 && (Math.min(...since) >= FIELD_SETTLED_MS || Math.max(...since) >= FIELD_TOLD_WITHIN_MS)
  );
}

/** Whether the road has been seen whole for long enough, now as well, at each of its places. */
function isWhole(field: Field, atMs: number, { clearAfterMinutes }: ClearRules): boolean {
  return (
    field.some(({ wholeAtMs }) => wholeAtMs === atMs) &&
    field.every(
      ({ wholeLooks, wholeMs }) => wholeLooks >= CLEAR_LOOKS && wholeMs >= clearAfterMinutes * 60_000,
    )
  );
}
