/**
 * How each damaged place of a camera looked when the damage was seen there, in the view and the light of that time. Kept for a
 * while after the damage is gone, since the gateway may ask about it then.
 */
import type { DamageClass, NormalizedBox } from '@roadwatch/contract';
import type { Size } from '../frame/size.ts';
import { isSame } from './known-damage.ts';
import {
  type Brightness,
  type KnownLook,
  type PlaceSight,
  type PlaceWindow,
  type Recognised,
  readWindow,
  recognise,
  sightOf,
  windowOf,
} from './place-look.ts';

/** As it is kept. */
export interface StoredPlace {
  readonly id: string;
  readonly partOf?: string;
  readonly view: string;
  readonly box: NormalizedBox;
  readonly damageClass: DamageClass;
  /** Of the picture in the model's input. */
  readonly size: Size;
  /** Brightness of the window's cells, a look for each light in which it was seen, and how like it the place itself was since. */
  readonly looks: readonly Uint8Array[];
  readonly ownLikeness: readonly (number | null)[];
}

/** What a place is to be called by. */
export interface Place {
  readonly id: string;
  /** The place of the damage that this one is told with; left out: it is told for itself. */
  readonly partOf?: string;
  readonly view: string;
  readonly box: NormalizedBox;
  readonly damageClass: DamageClass;
}

/** Of a camera; those learnt first go first. */
const MAX_PLACES = 200;
const MAX_LOOKS = 4;
/** A look that is less like all others is kept beside them; the others become their mean. */
const OTHER_LIGHT = 0.8;
const RATE = 0.1;
const OWN_RATE = 0.02;

interface Remembered extends Place {
  readonly window: PlaceWindow;
  /** The one that was like the road last comes last. */
  looks: KnownLook[];
}

export class PlaceMemory {
  readonly #places = new Map<string, Remembered>();
  #isChanged = false;

  constructor(stored: readonly StoredPlace[]) {
    for (const { size, looks, ownLikeness, ...place } of stored) {
      const window = windowOf(place.box, size);
      if (window === null) continue;
      const known = looks
        .map((look, i) => ({ cells: Float32Array.from(look), ownLikeness: ownLikeness[i] ?? Number.NaN }))
        .filter(({ cells }) => cells.length === window.columns * window.rows);
      if (known.length > 0) this.#places.set(place.id, { ...place, window, looks: known });
    }
  }

  /** Whether there is something new to be kept since the last call. */
  takeChanged(): boolean {
    const isChanged = this.#isChanged;
    this.#isChanged = false;
    return isChanged;
  }

  get stored(): readonly StoredPlace[] {
    return [...this.#places.values()].map(({ window, looks, ...place }) => ({
      ...place,
      size: window.size,
      looks: looks.map(({ cells }) => Uint8Array.from(cells, Math.round)),
      ownLikeness: looks.map(({ ownLikeness }) => (Number.isNaN(ownLikeness) ? null : ownLikeness)),
    }));
  }

  /** The damage was seen in this frame. */
  learn(place: Place, frame: Brightness): void {
    const known = this.#places.get(place.id);
    if (known === undefined || known.view !== place.view || !isOfSize(known.window, frame)) {
      const window = windowOf(place.box, frame.size);
      if (window === null) return;
      this.#places.delete(place.id);
      this.#places.set(place.id, { ...place, window, looks: [newLook(readWindow(frame, window))] });
      const [first] = this.#places.keys();
      if (this.#places.size > MAX_PLACES && first !== undefined) this.#places.delete(first);
      this.#isChanged = true;
      return;
    }
    const { window } = known;
    const read = readWindow(frame, window);
    const like = known.looks
      .map((look) => ({ look, ...recognise(read, look, window) }))
      .filter(({ likeness }) => likeness >= OTHER_LIGHT)
      .sort((a, b) => b.likeness - a.likeness)[0];
    if (like === undefined) {
      known.looks.push(newLook(read));
      if (known.looks.length > MAX_LOOKS) known.looks.shift();
      this.#isChanged = true;
      return;
    }
    learnFrom(like.look, like);
    known.looks = [...known.looks.filter((look) => look !== like.look), like.look];
  }

  /** What a look at the place is worth in which the model found nothing there. */
  look(id: string, frame: Brightness): PlaceSight {
    const place = this.#places.get(id);
    if (place === undefined || !isOfSize(place.window, frame)) return 'unseen';
    const read = readWindow(frame, place.window);
    const sights = place.looks.map((look) =>
      sightOf(recognise(read, look, place.window), look, place.window),
    );
    if (sights.includes('as-damaged')) return 'as-damaged';
    return sights.includes('clear') ? 'clear' : 'unseen';
  }

  /** The same of all that is told with it: clear where all of it is. */
  lookAtField({ id, partOf = id }: Place, frame: Brightness): PlaceSight {
    const parts = [...this.#places.values()].filter((place) => place.partOf === partOf);
    const sights = [partOf, ...parts.map((part) => part.id)].map((place) => this.look(place, frame));
    return sights.find((sight) => sight !== 'clear') ?? 'clear';
  }

  /** Whether it was seen more than once, without which nobody knows how like itself it is: no later look could call it gone. */
  isKnownWell(id: string): boolean {
    const looks = this.#places.get(id)?.looks ?? [];
    return looks.some(({ ownLikeness }) => !Number.isNaN(ownLikeness));
  }

  /** The places, in any view, that somebody may mean by this. */
  at(box: NormalizedBox, damageClass: DamageClass): readonly Place[] {
    return [...this.#places.values()].filter((place) => isSame(place, box, damageClass));
  }

  /** What is there is larger now: its surroundings are to be learnt anew. */
  forget(id: string): void {
    this.#isChanged ||= this.#places.delete(id);
  }
}

function isOfSize({ size }: PlaceWindow, frame: Brightness): boolean {
  return size.width === frame.size.width && size.height === frame.size.height;
}

function newLook(read: (dx: number, dy: number) => Float32Array): KnownLook {
  return { cells: read(0, 0).slice(), ownLikeness: Number.NaN };
}

function learnFrom(look: KnownLook, { cells, placeLikeness }: Recognised): void {
  for (let i = 0; i < cells.length; i++) {
    const old = look.cells[i] as number;
    look.cells[i] = old + ((cells[i] as number) - old) * RATE;
  }
  const rise = (placeLikeness - look.ownLikeness) * OWN_RATE;
  // The least of them, which slowly forgets.
  look.ownLikeness = look.ownLikeness <= placeLikeness ? look.ownLikeness + rise : placeLikeness;
}
