/** What of a frame is known already, and what has become of it since it was verified. */
import type { Logger } from 'pino';
import type { Box } from '../detect/box.ts';
import type { KnownDamage, KnownDamages, KnownEvent } from '../verify/known-damage.ts';
import type { PlaceMemory } from '../verify/place-memory.ts';
import type { Look } from './look.ts';

export class Recognition {
  readonly #camera: string;
  readonly #known: KnownDamages;
  readonly #places: PlaceMemory;
  readonly #log: Logger;
  /** Known from before the agent's start, and not yet seen since. */
  readonly #fromBefore: Set<string>;

  constructor(camera: string, known: KnownDamages, places: PlaceMemory, log: Logger) {
    this.#camera = camera;
    this.#known = known;
    this.#places = places;
    this.#log = log;
    this.#fromBefore = new Set(known.all.map(({ id }) => id));
  }

  /** Known from now on, as it looks in this frame. */
  add(damage: KnownDamage, { view, brightness }: Look): void {
    this.#known.add(damage);
    this.#places.learn({ ...damage, view }, brightness);
  }

  /** `rest`: the boxes that are nothing known. `events`: what is to be told. */
  absorb(
    boxes: readonly Box[],
    { atMs, view, brightness, isMissed }: Look,
  ): { readonly rest: readonly Box[]; readonly events: readonly KnownEvent[] } {
    const { rest, seen, events } = this.#known.absorb(view, boxes, atMs, (damage) =>
      isMissed(damage.box) ? 'unseen' : this.#places.look(damage.id, brightness),
    );
    for (const damage of seen) {
      this.#places.learn({ ...damage, view }, brightness);
      if (this.#fromBefore.delete(damage.id))
        this.#log.info({ camera: this.#camera, detection: damage.id }, 'known damage seen again');
    }
    for (const { kind, damage, places } of events) {
      const { id: detection, damageClass } = damage;
      this.#log.info({ camera: this.#camera, detection, damageClass }, `damage ${kind}`);
      for (const place of places) this.#places.forget(place);
    }
    return { rest, events };
  }
}
