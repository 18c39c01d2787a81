/** What two models say of the same frames, counted. */
import { type Comparison, intersectionOverUnion } from '@roadwatch/contract';
import type { Box } from '../detect/box.ts';
import type { Detected } from '../detect/session.ts';

/** Two boxes of one class that cover each other so much are of one thing. */
const SAME_PLACE = 0.5;

export class Agreement {
  #frames = 0;
  #boxes = 0;
  #newBoxes = 0;
  #shared = 0;
  #elapsedMs = 0;
  #newElapsedMs = 0;

  add(running: Detected, beside: Detected): void {
    this.#frames++;
    this.#boxes += running.boxes.length;
    this.#newBoxes += beside.boxes.length;
    this.#shared += sharedBoxes(running.boxes, beside.boxes);
    this.#elapsedMs += running.elapsedMs;
    this.#newElapsedMs += beside.elapsedMs;
  }

  get frames(): number {
    return this.#frames;
  }

  /** Mean time of a frame, of the running model and of the other; null before the first. */
  get meanMs(): readonly [number | null, number | null] {
    if (this.#frames === 0) return [null, null];
    return [this.#elapsedMs / this.#frames, this.#newElapsedMs / this.#frames];
  }

  get comparison(): Comparison {
    const all = this.#boxes + this.#newBoxes - this.#shared;
    return {
      frames: this.#frames,
      boxes: this.#boxes,
      newBoxes: this.#newBoxes,
      agreement: all === 0 ? null : this.#shared / all,
      slowdown: this.#elapsedMs === 0 ? 1 : Math.round((this.#newElapsedMs / this.#elapsedMs) * 100) / 100,
    };
  }
}

/** How many boxes of the one have a partner in the other; each partner once. */
function sharedBoxes(one: readonly Box[], other: readonly Box[]): number {
  const free = new Set(other);
  let shared = 0;
  for (const { damageClass, box } of one) {
    for (const candidate of free) {
      if (candidate.damageClass !== damageClass || intersectionOverUnion(box, candidate.box) < SAME_PLACE)
        continue;
      free.delete(candidate);
      shared++;
      break;
    }
  }
  return shared;
}
