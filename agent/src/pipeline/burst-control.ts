/** When a camera gets a closer look, and for how long: bounded over all cameras, and rarer where looking has led to nothing. */
import { steadyMs } from '@roadwatch/common';
import { Burst, type BurstOptions } from '../camera/burst.ts';
import type { BurstBudget } from './burst-budget.ts';

const PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 120_000;
/** The burst has taken over from the keyframes while its last frame is no older than this. */
const FRESH_MS = 1_500;

export class BurstControl {
  #options: BurstOptions;
  readonly #budget: BurstBudget;
  #durationMs: number;
  #burst: Burst | null = null;
  /** Keeps the camera's full stream, or its turn to be pulled, as long as it is needed. */
  #leave: (() => void) | null = null;
  #lastFrameAtMs = 0;
  #pauseUntilMs = 0;
  #fruitless = 0;
  #count = 0;

  constructor(options: BurstOptions, budget: BurstBudget, durationMs: number) {
    this.#options = {
      ...options,
      onFrame: (frame) => {
        this.#lastFrameAtMs = steadyMs();
        options.onFrame(frame);
      },
    };
    this.#budget = budget;
    this.#durationMs = durationMs;
  }

  /** The part that is looked at enlarged in the closer looks to come. */
  set far(window: BurstOptions['far']) {
    this.#options = { ...this.#options, far: window };
  }

  /** How often and how long it is looked in the closer looks to come. */
  setPace(fps: number, durationMs: number): void {
    this.#options = { ...this.#options, fps };
    this.#durationMs = durationMs;
  }

  /** Closer looks since start. */
  get count(): number {
    return this.#count;
  }

  /** Whether its frames are coming, so that the keyframes of the connection are not needed. */
  hasTakenOver(nowMs: number): boolean {
    return this.#burst !== null && nowMs - this.#lastFrameAtMs < FRESH_MS;
  }

  /** Asks for one now; `urgent` passes over the pause. False when it cannot be had. */
  begin(nowMs: number, urgent = false): boolean {
    if (this.#burst !== null) {
      if (urgent) this.#burst.extend(nowMs + this.#durationMs);
      return true;
    }
    if (this.#durationMs === 0 || (!urgent && nowMs < this.#pauseUntilMs) || !this.#budget.take(urgent))
      return false;
    const { ring } = this.#options.recording;
    this.#leave ??= ring.follow('found');
    if (ring.isHeldBack) {
      // It is asked for again with the next look, which the sub-stream gives.
      this.#budget.give();
      return false;
    }
    this.#count++;
    try {
      this.#burst = new Burst(this.#options, nowMs + this.#durationMs);
    } catch (error) {
      this.#options.onFailed(error as Error);
      this.#ended();
      return false;
    }
    void this.#burst.done.then(() => this.#ended());
    return true;
  }

  #ended(): void {
    this.#burst = null;
    this.#letGo();
    this.#budget.give();
    this.#pauseUntilMs = steadyMs() + Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** this.#fruitless);
    this.#fruitless = Math.min(this.#fruitless + 1, 10);
  }

  /** Something came of it. */
  wasFruitful(): void {
    this.#fruitless = 0;
  }

  /** What it was for is known. */
  finish(): void {
    this.#burst?.finish();
    if (this.#burst === null) this.#letGo();
  }

  async stop(): Promise<void> {
    await this.#burst?.stop();
    this.#letGo();
  }

  #letGo(): void {
    this.#leave?.();
    this.#leave = null;
  }
}
