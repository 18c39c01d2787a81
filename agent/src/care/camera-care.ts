/**
 * What a camera needs a maintainer for, beside whether it streams and shows the street: told once it has lasted, and over once it has
 * been well for a while.
 */
import { Lasting } from '@roadwatch/common';
import type { CameraCareCode } from '@roadwatch/contract/codes';
import { isBroadDay, type Place } from './daylight.ts';
import { FrameRate } from './frame-rate.ts';
import { type StoredSharpness, UsualSharpness } from './usual-sharpness.ts';

export interface Care {
  readonly code: CameraCareCode;
  readonly detail: string;
  /** Of the steady clock. */
  readonly sinceMs: number;
}

/** A picture of the camera, as the gate has judged it. */
export interface Judged {
  readonly isDark: boolean;
  /** Null where it does not show the street, or not well. */
  readonly sharpness: number | null;
}

/** What is known of its connection; null: there is none, or nobody counts. */
export interface Received {
  readonly pictures: number | null;
  readonly clockAheadMs: number | null;
}

const DARK_MS = 300_000;
const LIGHT_MS = 60_000;
const CLOCK_WRONG_MS = 60_000;
const CLOCK_RIGHT_MS = 30_000;
const CLOCK_LASTS_MS = 120_000;
/** Cameras lock an account after five wrong logins in half an hour, as a rule, and the agent may not be the only one that tries. */
const REFUSALS = 3;

export class CameraCare {
  readonly #sharpness: UsualSharpness;
  readonly #rate = new FrameRate();
  readonly #dark = new Lasting(DARK_MS, LIGHT_MS);
  readonly #clock = new Lasting(CLOCK_LASTS_MS, CLOCK_LASTS_MS);
  #clockAheadMs = 0;
  #refusals = 0;
  #now: readonly Care[] = [];

  constructor(stored?: StoredSharpness) {
    this.#sharpness = new UsualSharpness(stored);
  }

  get now(): readonly Care[] {
    return this.#now;
  }
  get stored(): StoredSharpness {
    return this.#sharpness.stored;
  }
  /** Whether what is stored is another since the last call. */
  takeChanged(): boolean {
    return this.#sharpness.takeChanged();
  }

  /** Other pictures come from now on. */
  forgetSharpness(): void {
    this.#sharpness.forget();
  }

  /** `nowMs`: of the steady clock; `wallMs`: since 1970. */
  look({ isDark, sharpness }: Judged, place: Place | undefined, nowMs: number, wallMs: number): void {
    this.#dark.see(isDark && isBroadDay(wallMs, place), nowMs);
    if (sharpness !== null) this.#sharpness.look(sharpness, wallMs);
  }

  receive(received: Received | null, nowMs: number): void {
    this.#rate.look(received?.pictures ?? null, nowMs);
    const ahead = received?.clockAheadMs ?? null;
    if (ahead === null) return;
    this.#clockAheadMs = ahead;
    this.#clock.see(Math.abs(ahead) > (this.#clock.isSo ? CLOCK_RIGHT_MS : CLOCK_WRONG_MS), nowMs);
  }

  refused(): void {
    this.#refusals++;
  }
  admitted(): void {
    this.#refusals = 0;
  }

  /** Whether there is another than at the last call. */
  update(nowMs: number): boolean {
    const found = this.#found();
    const isOther = found.map(([code]) => code).join() !== this.#now.map(({ code }) => code).join();
    this.#now = found.map(([code, detail]) => ({
      code,
      detail,
      sinceMs: this.#now.find((before) => before.code === code)?.sinceMs ?? nowMs,
    }));
    return isOther;
  }

  #found(): readonly (readonly [CameraCareCode, string])[] {
    const found: [CameraCareCode, string][] = [];
    if (this.#sharpness.isDirty) {
      const share = this.#sharpness.share;
      const of = share === null ? '' : `${Math.round(share * 100)}% of its usual sharpness; `;
      found.push(['lens_dirty', `${of}clean the lens, or see to its focus`]);
    }
    if (this.#dark.isSo)
      found.push(['dark_by_day', 'see to its iris, its day and night mode, and what hangs before it']);
    if (this.#clock.isSo) {
      const seconds = Math.round(this.#clockAheadMs / 1000);
      const way = seconds > 0 ? 'ahead of' : 'behind';
      found.push(['clock_wrong', `${Math.abs(seconds)} s ${way} the clock of the box; set up NTP`]);
    }
    if (this.#rate.isFallen) {
      const [now, usual] = [this.#rate.now.toFixed(1), this.#rate.usual.toFixed(1)];
      found.push(['frame_rate_fallen', `${now} a second come; usual are ${usual}`]);
    }
    if (this.#refusals >= REFUSALS) {
      const times = `${this.#refusals} times in a row`;
      found.push(['login_locks_soon', `refused ${times}; set the right password before it is tried again`]);
    }
    return found;
  }
}
