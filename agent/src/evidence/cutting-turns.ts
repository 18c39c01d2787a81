/**
 * Whose evidence is cut next. So many are cut at a time; stills come before clips, since somebody waits for them, and cameras take
 * turns, so that one which sees much keeps no other waiting.
 */
const CUTTING_ORDER = ['still', 'clip'] as const;
export type Cutting = (typeof CUTTING_ORDER)[number];

interface Waiting {
  readonly camera: string;
  readonly kind: Cutting;
  readonly begin: () => void;
}

export class CuttingTurns {
  #free: number;
  readonly #waiting: Waiting[] = [];
  /** When each camera had its last turn, as a count of turns. */
  readonly #lastTurn = new Map<string, number>();
  #turns = 0;

  constructor(places: number) {
    this.#free = places;
  }

  /** Runs the work when its turn has come; settles as the work does. */
  async run<Cut>(camera: string, kind: Cutting, work: () => Promise<Cut>): Promise<Cut> {
    if (this.#free > 0) this.#take(camera);
    else
      await new Promise<void>((begin) => {
        this.#waiting.push({ camera, kind, begin });
      });
    try {
      return await work();
    } finally {
      this.#free++;
      this.#next();
    }
  }

  #take(camera: string): void {
    this.#free--;
    this.#lastTurn.set(camera, ++this.#turns);
  }

  #next(): void {
    const [first] = this.#waiting
      .map((waiting, at) => ({ waiting, at }))
      .sort(
        (a, b) =>
          this.#rank(a.waiting) - this.#rank(b.waiting) ||
          this.#since(a.waiting) - this.#since(b.waiting) ||
          a.at - b.at,
      );
    if (first === undefined) return;
    this.#waiting.splice(first.at, 1);
    this.#take(first.waiting.camera);
    first.waiting.begin();
  }

  #rank({ kind }: Waiting): number {
    return CUTTING_ORDER.indexOf(kind);
  }

  #since({ camera }: Waiting): number {
    return this.#lastTurn.get(camera) ?? 0;
  }
}
