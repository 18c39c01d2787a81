/** Photographs are decoded one after the other: the memory of one, however many crews end their shift in the same minute. */
import { Refusal } from '../refusal.ts';

const MAX_WAITING = 32;

export class DecodeQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Throws Refusal `unavailable` when too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING)
      throw new Refusal('photos_crowded', 'too many photographs wait to be read at present');
    this.#waiting++;
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      this.#waiting--;
    }
  }
}
