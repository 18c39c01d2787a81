/** The places that the gateway has asked about, looked at in each frame until who asked has enough. */
import type { Box } from '../detect/box.ts';
import type { Inspection } from '../verify/inspection.ts';
import type { PlaceMemory } from '../verify/place-memory.ts';
import type { Look } from './look.ts';

export class Inspections {
  readonly #places: PlaceMemory;
  readonly #running = new Set<Inspection>();

  constructor(places: PlaceMemory) {
    this.#places = places;
  }

  get any(): boolean {
    return this.#running.size > 0;
  }

  /** Returns what ends it. */
  add(inspection: Inspection): () => void {
    this.#running.add(inspection);
    return () => this.#running.delete(inspection);
  }

  look(boxes: readonly Box[], { atMs, view, brightness, isMissed }: Look): void {
    for (const inspection of this.#running) {
      const { box, damageClass } = inspection.place;
      const places = this.#places.at(box, damageClass);
      const place = places.find((other) => other.view === view);
      // It was seen in another view: what is there now is not it.
      if (places.length > 0 && place === undefined) continue;
      const isUnseen = place === undefined || isMissed(box);
      inspection.look(boxes, atMs, isUnseen ? 'unseen' : this.#places.lookAtField(place, brightness));
    }
  }
}
