/**
 * How sharp a camera's picture is as a rule at each hour of the day, and whether it has become less so: what a dirty lens, or one that
 * drifts out of focus, does within weeks, and no single picture shows. Rain and fog pass within days. Pure.
 */

/** Looks in an hour that say something of it. */
const LEAST_LOOKS = 20;
const HOURS = 24;
/** Days on which an hour was seen before anything is concluded from it. */
const KNOWN_DAYS = 3;
/** How fast the usual follows: what is sharper soon, what is less sharp within months, so that it is noticed first. */
const RISES = 0.2;
const FALLS = 0.01;
/**
 * Of the usual sharpness, the better hours of each of two days in a row: dirt does not come and go as weather does. The simulator's
 * dirty lens takes more than a third of a street's, and less than would be called blurred.
 */
const DIRTY = 0.7;
const BETTER = 0.75;
const MIDDLE = 0.5;
/** The middle of the last hours, when it has been cleaned. */
const CLEAN = 0.85;
const CLEAN_HOURS = 6;
/** Of a day, that it can be judged by. */
const LEAST_HOURS = 6;
const HOUR_MS = 3_600_000;

export interface StoredSharpness {
  /** Of each hour of the day (UTC); 0: not known. */
  readonly usual: readonly number[];
  /** On how many days it was seen. */
  readonly days: readonly number[];
  /** Hours since 1970, and how sharp each was of what is usual then: of the last two days. */
  readonly seen: readonly (readonly [hour: number, share: number])[];
  readonly isDirty: boolean;
}

export class UsualSharpness {
  readonly #usual: number[];
  readonly #days: number[];
  #seen: (readonly [hour: number, share: number])[];
  #isDirty: boolean;
  #hour: number | null = null;
  #sum = 0;
  #looks = 0;
  #isChanged = false;

  constructor(stored?: StoredSharpness) {
    this.#usual = stored?.usual.slice() ?? Array(HOURS).fill(0);
    this.#days = stored?.days.slice() ?? Array(HOURS).fill(0);
    this.#seen = stored?.seen.slice() ?? [];
    this.#isDirty = stored?.isDirty ?? false;
  }

  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** Of what is usual: the middle hour of the last day; null when too little of it was seen. */
  get share(): number | null {
    return this.#share(0, HOURS, LEAST_HOURS, MIDDLE);
  }

  get stored(): StoredSharpness {
    return { usual: this.#usual, days: this.#days, seen: this.#seen, isDirty: this.#isDirty };
  }

  /** Whether it is to be kept anew since the last call. */
  takeChanged(): boolean {
    const changed = this.#isChanged;
    this.#isChanged = false;
    return changed;
  }

  /** Of a picture that shows the street. `wallMs`: since 1970. */
  look(sharpness: number, wallMs: number): void {
    const hour = Math.floor(wallMs / HOUR_MS);
    if (this.#hour !== null && hour !== this.#hour) this.#close(this.#hour);
    this.#hour = hour;
    this.#sum += sharpness;
    this.#looks++;
  }

  /** The picture is another from now on: larger, or with more of it painted over. */
  forget(): void {
    this.#usual.fill(0);
    this.#days.fill(0);
    this.#seen = [];
    this.#isDirty = false;
    this.#hour = null;
    this.#sum = this.#looks = 0;
    this.#isChanged = true;
  }

  #close(hour: number): void {
    const [mean, looks] = [this.#sum / this.#looks, this.#looks];
    this.#sum = this.#looks = 0;
    if (looks < LEAST_LOOKS) return;
    const slot = hour % HOURS;
    const [usual, days] = [this.#usual[slot] as number, this.#days[slot] as number];
    if (days >= KNOWN_DAYS) this.#seen.push([hour, usual === 0 ? 1 : mean / usual]);
    // The clock of the box may have been set back.
    this.#seen = this.#seen.filter(([at]) => at > hour - 2 * HOURS && at <= hour);
    const rate = days < KNOWN_DAYS ? 1 / (days + 1) : mean > usual ? RISES : FALLS;
    this.#usual[slot] = usual + (mean - usual) * rate;
    this.#days[slot] = days + 1;
    this.#isChanged = true;
    this.#judge();
  }

  #judge(): void {
    if (this.#isDirty) {
      const lately = this.#share(0, CLEAN_HOURS * 2, CLEAN_HOURS, MIDDLE);
      if (lately !== null && lately > CLEAN) this.#isDirty = false;
      return;
    }
    const today = this.#share(0, HOURS, LEAST_HOURS, BETTER);
    const yesterday = this.#share(HOURS, 2 * HOURS, LEAST_HOURS, BETTER);
    this.#isDirty = today !== null && yesterday !== null && Math.max(today, yesterday) < DIRTY;
  }

  /** Of the hours from so many to so many back from the last, that quantile; null when too few of them were seen. */
  #share(from: number, to: number, least: number, quantile: number): number | null {
    const last = this.#seen.at(-1)?.[0] ?? 0;
    const shares = this.#seen
      .filter(([hour]) => last - hour >= from && last - hour < to)
      .map(([, share]) => share)
      .sort((a, b) => a - b);
    return shares.length < least ? null : (shares[Math.floor(shares.length * quantile)] as number);
  }
}
