/**
 * One look, for a few seconds, whether damage is still at a place: passed only when the place was seen, in the view in which the
 * damage was seen, and seen whole.
 */
import type { DamageClass, NormalizedBox, Reply } from '@roadwatch/contract';
import type { Box } from '../detect/box.ts';
import { isSame } from './known-damage.ts';
import type { PlaceSight } from './place-look.ts';

export type InspectionResult = NonNullable<Reply['inspection']>;

const MIN_LOOKS = 5;
/** Up to this share of stray boxes a place still counts as whole; from the other on as damaged; between, nobody knows. */
const WHOLE_SHARE = 0.1;
const DAMAGED_SHARE = 0.4;

export class Inspection {
  readonly place: { readonly box: NormalizedBox; readonly damageClass: DamageClass };
  #looked = 0;
  #seen = 0;
  #score = 0;
  #lastAtMs: number | null = null;

  constructor(place: { readonly box: NormalizedBox; readonly damageClass: DamageClass }) {
    this.place = place;
  }

  /** Capture time of the last frame that counted. */
  get lastAtMs(): number | null {
    return this.#lastAtMs;
  }

  look(boxes: readonly Box[], atMs: number, sight: PlaceSight): void {
    const found = boxes.filter((box) => box.alert && isSame(this.place, box.box, box.damageClass));
    if (found.length === 0 && sight !== 'clear') return;
    this.#looked++;
    this.#lastAtMs = atMs;
    if (found.length === 0) return;
    this.#seen++;
    this.#score = Math.max(this.#score, ...found.map(({ score }) => score));
  }

  get result(): InspectionResult {
    return { result: this.#verdict(), looked: this.#looked, seen: this.#seen, score: this.#score };
  }

  #verdict(): InspectionResult['result'] {
    if (this.#looked < MIN_LOOKS) return 'inconclusive';
    const share = this.#seen / this.#looked;
    if (share >= DAMAGED_SHARE) return 'fail';
    return share <= WHOLE_SHARE ? 'pass' : 'inconclusive';
  }
}
