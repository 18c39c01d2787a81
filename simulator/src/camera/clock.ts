/** A camera's clock: the ticks that its RTP timestamps follow, and the instant at which its first second began. */
import { TICKS_PER_SECOND } from '../media/clip.ts';

const TICKS_PER_MS = TICKS_PER_SECOND / 1000;

export interface CameraClockOptions {
  /** Runs from now on, or from the first `wake`. */
  readonly startOn: 'launch' | 'first-play';
  /** Ticks by which it is ahead of its launch. */
  readonly aheadTicks: number;
  /** It runs now, and did not before. */
  readonly onWake: () => void;
}

export class CameraClock {
  readonly #onWake: () => void;
  /** `performance.now()` of tick 0; null until it is first needed. */
  #from: number | null;
  /** Tick at which the first second began; null while the camera waits for a client or for its timeline. */
  #startTick: number | null = null;

  constructor({ startOn, aheadTicks, onWake }: CameraClockOptions) {
    this.#onWake = onWake;
    this.#from = startOn === 'first-play' ? null : performance.now() - aheadTicks / TICKS_PER_MS;
  }

  get running(): boolean {
    return this.#from !== null;
  }

  /** Tick at which the first second began; null before it. */
  get startTick(): number | null {
    return this.#startTick;
  }

  /** Seconds since the first second began; null before it. */
  get seconds(): number | null {
    return this.#startTick === null ? null : (this.ticks() - this.#startTick) / TICKS_PER_SECOND;
  }

  /** Unix milliseconds of the first instant; null before it. */
  get startedAtMs(): number | null {
    return this.seconds === null ? null : Date.now() - this.seconds * 1000;
  }

  /** Ticks since tick 0; 0 while it does not run. */
  ticks(): number {
    return this.#from === null ? 0 : (performance.now() - this.#from) * TICKS_PER_MS;
  }

  /** A client plays: it runs from now on. */
  wake(): void {
    if (this.#from !== null) return;
    this.#from = performance.now();
    this.#onWake();
  }

  /** The first second begins at this tick. */
  start(tick: number): void {
    this.#startTick = tick;
  }
}
