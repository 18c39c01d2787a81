/** What is believed of something that comes and goes: what lasts, so that nobody is told of every moment. Pure. */
export class Lasting {
  readonly #beginsMs: number;
  readonly #endsMs: number;
  #isSo = false;
  #otherSinceMs: number | null = null;

  /** It must have been so without a break for `beginsMs` to be believed, and not so for `endsMs` to be over. */
  constructor(beginsMs: number, endsMs: number) {
    this.#beginsMs = beginsMs;
    this.#endsMs = endsMs;
  }

  get isSo(): boolean {
    return this.#isSo;
  }

  /** What is seen now, and what is believed from then on. `nowMs`: by a clock that nobody sets. */
  see(isSo: boolean, nowMs: number): boolean {
    if (isSo === this.#isSo) {
      this.#otherSinceMs = null;
      return this.#isSo;
    }
    this.#otherSinceMs ??= nowMs;
    if (nowMs - this.#otherSinceMs >= (isSo ? this.#beginsMs : this.#endsMs)) {
      this.#isSo = isSo;
      this.#otherSinceMs = null;
    }
    return this.#isSo;
  }
}
