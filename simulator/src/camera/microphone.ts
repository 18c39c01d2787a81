/** A camera's microphone: its sound against the camera's clock, sent frame by frame to everyone who listens. */
import { TICKS_PER_SECOND } from '../media/clip.ts';
import type { Sound } from '../media/sound.ts';
import type { CameraClock } from './clock.ts';

/** After a longer pause of this process what was due is left out. */
const MAX_LATE_MS = 500;

export interface Listener {
  /** @param samples of the microphone's clock at which the frame begins */
  hear(frame: Buffer, samples: number): void;
}

export class Microphone {
  readonly sound: Sound;
  readonly #clock: CameraClock;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | null = null;
  /** Frames since tick 0 of the clock; null while nobody listens and nobody was told where it takes up. */
  #next: number | null = null;

  constructor(sound: Sound, clock: CameraClock) {
    this.sound = sound;
    this.#clock = clock;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Samples since tick 0 of the camera's clock. */
  samples(): number {
    return (this.#clock.ticks() * this.sound.rate) / TICKS_PER_SECOND;
  }

  /** At which sample the frame begins that a listener hears first who is added at once. */
  firstSamples(): number {
    // Kept for that listener: a moment later another frame may be due.
    this.#next ??= this.#frameNow();
    return this.#next * this.sound.samplesPerFrame;
  }

  add(listener: Listener): void {
    this.#clock.wake();
    this.#listeners.add(listener);
    if (this.#timer === null) this.#sendDue();
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.stop();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#next = null;
    this.#listeners.clear();
  }

  /** The next one to begin. */
  #frameNow(): number {
    return Math.ceil(this.samples() / this.sound.samplesPerFrame);
  }

  #sendDue(): void {
    const { frames, rate, samplesPerFrame } = this.sound;
    let next = this.#next ?? this.#frameNow();
    if (this.samples() - next * samplesPerFrame > (MAX_LATE_MS * rate) / 1000) next = this.#frameNow();
    while (this.#listeners.size > 0) {
      const begins = next * samplesPerFrame;
      this.#next = next;
      const waitMs = ((begins - this.samples()) * 1000) / rate;
      if (waitMs > 0.5) {
        this.#timer = setTimeout(() => this.#sendDue(), waitMs);
        return;
      }
      const frame = frames[next % frames.length] as Buffer;
      next++;
      for (const listener of [...this.#listeners]) listener.hear(frame, begins);
    }
  }
}
