/**
 * What is retained: of each topic only the newest state is worth sending. On a slow line states take no more than a fourth of it, so
 * that many cameras which tell how they are leave room for what they have seen.
 */
export interface State {
  readonly topic: string;
  /** A text goes as it is. */
  readonly value: object | string;
  /** Called with what the broker has answered. */
  readonly done?: (refusal: string | null) => void;
}

const SHARE = 4;
const AT_ONCE = 4;

export class States {
  readonly #waiting = new Map<string, Omit<State, 'topic'>>();
  #underWay = 0;
  #nextAtMs = 0;

  /** Takes the place of what waits for the same topic, and its turn. */
  put({ topic, ...state }: State): void {
    this.#waiting.set(topic, state);
  }

  /** The one whose turn it is, when it may be sent now. */
  take(nowMs: number): State | null {
    const [first] = this.#waiting;
    if (first === undefined || this.#underWay >= AT_ONCE || nowMs < this.#nextAtMs) return null;
    const [topic, state] = first;
    this.#waiting.delete(topic);
    return { topic, ...state };
  }

  /** `bytesPerSecond`: of the line; null when it is not known. */
  sent(bytes: number, bytesPerSecond: number | null, nowMs: number): void {
    this.#underWay++;
    this.#nextAtMs =
      bytesPerSecond === null ? nowMs : nowMs + (bytes * SHARE * 1000) / Math.max(1, bytesPerSecond);
  }

  arrived(): void {
    this.#underWay--;
  }

  /** The line is down: all is said anew when it is up. */
  clear(): void {
    this.#waiting.clear();
    this.#underWay = 0;
    this.#nextAtMs = 0;
  }
}
