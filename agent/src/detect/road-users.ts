/**
 * Vehicles and people around a place, by a model of its own. It is asked for candidates only, now and then: its process begins with the
 * first question and ends when there has been none for a while, and its memory with it.
 */
import { OutageLog, steadyMs } from '@roadwatch/common';
import type { NormalizedBox } from '@roadwatch/contract';
import type { Logger } from 'pino';
import { cutAround, inPicture, type Planes } from '../frame/cut.ts';
import { planarFormat } from '../frame/pool.ts';
import { RoadUsersProcess } from './road-users-process.ts';

export interface RoadUser {
  /** As the model calls it: person, car, bus and so on. */
  readonly kind: string;
  readonly score: number;
  /** Fractions of the picture; may reach beyond it. */
  readonly box: NormalizedBox;
}

/** What the shipped model is called. */
export const ROAD_USERS_MODEL = 'road-users-nano';
/** Questions that may wait at once, of all cameras. */
const MOST_WAITING = 8;
const IDLE_MS = 30_000;
/** After a model that cannot be used, or a process that was lost. */
const PAUSE_MS = 5 * 60_000;
const FAILED = 'vehicles and people are not looked for, what lies on them may be taken for damage';
const WORKS = 'vehicles and people are looked for again';

export class RoadUsers {
  readonly #folder: () => string;
  readonly #outage: OutageLog;
  readonly #stopping = new AbortController();
  #process: RoadUsersProcess | null = null;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #idle: ReturnType<typeof setTimeout> | undefined;
  /** What goes before the next question, or before the end. */
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** `folder`: the model's; throws ModelError when there is none. */
  constructor(folder: () => string, log: Logger) {
    this.#folder = folder;
    this.#outage = new OutageLog(log, { failed: FAILED, over: WORKS });
  }

  /**
   * Those around a place, in a copy of the picture that is made during this call. Null: it cannot be said, for want of a model or of
   * time. Never rejects.
   */
  find(picture: Planes, place: NormalizedBox): Promise<readonly RoadUser[] | null> {
    const isPaused = steadyMs() < this.#pausedUntilMs;
    if (this.#stopping.signal.aborted || isPaused || this.#waiting >= MOST_WAITING)
      return Promise.resolve(null);
    const copy = { ...picture, pixels: picture.pixels.slice() };
    this.#waiting++;
    const found = this.#turn.then(() => this.#look(copy, place));
    this.#turn = found.then(() => {
      this.#waiting--;
    });
    return found;
  }

  /** Resolves when the process has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#idle);
    await this.#turn;
    await this.#end();
  }

  async #look(picture: Planes, place: NormalizedBox): Promise<readonly RoadUser[] | null> {
    const { signal } = this.#stopping;
    clearTimeout(this.#idle);
    try {
      signal.throwIfAborted();
      this.#process ??= await RoadUsersProcess.start(this.#folder(), signal);
      const { input } = this.#process;
      const pixels = new Uint8Array(planarFormat(input).bytes);
      const cut = cutAround(picture, place, pixels, input, input.pad);
      const boxes = await this.#process.find(pixels);
      this.#outage.works();
      return boxes.map((found) => ({ kind: found.user, score: found.score, box: inPicture(cut, found) }));
    } catch (error) {
      if (!signal.aborted) {
        this.#pausedUntilMs = steadyMs() + PAUSE_MS;
        this.#outage.failed((error as Error).message);
      }
      await this.#end();
      return null;
    } finally {
      if (!signal.aborted) this.#idle = setTimeout(() => this.#endInTurn(), IDLE_MS).unref();
    }
  }

  #endInTurn(): void {
    this.#turn = this.#turn.then(() => this.#end());
  }

  async #end(): Promise<void> {
    const process = this.#process;
    this.#process = null;
    await process?.end();
  }
}
