/** A queue in which each sender has its turn: one that has sent much waits for itself, not the others for it. */
export class Turns<T> {
  readonly #lanes = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(sender: string, item: T): void {
    const lane = this.#lanes.get(sender);
    if (lane === undefined) this.#lanes.set(sender, [item]);
    else lane.push(item);
    this.#size++;
  }

  /** At most so many, one of each sender after the other, those of one sender in their order. */
  take(most: number): T[] {
    const taken: T[] = [];
    const used = new Map<string, number>();
    for (let round = 0; taken.length < most && taken.length < this.#size; round++)
      for (const [sender, lane] of this.#lanes) {
        if (taken.length === most) break;
        const item = lane[round];
        if (item === undefined) continue;
        taken.push(item);
        used.set(sender, round + 1);
      }
    for (const [sender, count] of used) {
      const rest = (this.#lanes.get(sender) as T[]).slice(count);
      // Who has had a turn stands behind those who have not.
      this.#lanes.delete(sender);
      if (rest.length > 0) this.#lanes.set(sender, rest);
    }
    this.#size -= taken.length;
    return taken;
  }
}
