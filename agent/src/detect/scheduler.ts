/**
 * Many cameras, one session: each camera has at most one frame waiting, the newest, and the camera that has waited longest is
 * next. When there are more frames than the box can analyse, every camera is analysed less often, none is forgotten.
 */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Frame, FramePool } from '../frame/pool.ts';
import type { Box } from './box.ts';
import { withFar } from './merge-crops.ts';
import { type Detected, type DetectorSession, InferenceThreadLost } from './session.ts';

export interface SchedulerEvents {
  /** The frame still holds its slot during this call and is released after it. */
  onBoxes(camera: string, frame: Frame, seen: Seen, elapsedMs: number): void;
  /** A frame could not be analysed. */
  onError(camera: string, error: Error): void;
}

export interface Seen {
  readonly boxes: readonly Box[];
  /** A part of the picture that was to be looked at enlarged, and was not, for want of time. */
  readonly missed: NormalizedBox | null;
}

export interface CameraTurns {
  readonly analysed: number;
  /** Frames that gave way to a newer one of the same camera. */
  readonly superseded: number;
}

/** Another model that is shown some of the frames after the running one, and decides nothing. */
export interface Beside {
  readonly session: Pick<DetectorSession, 'run'>;
  /** Of the frames, 0 to 1. */
  readonly share: number;
  onCompared(camera: string, running: Detected, beside: Detected): void;
  onFailed(error: Error): void;
}

interface Waiting {
  readonly frame: Frame;
  /** When the camera began to wait: kept when a newer frame takes the place, so that a fast camera is not put last for ever. */
  readonly sinceMs: number;
}

export class Scheduler {
  readonly #pool: FramePool;
  readonly #events: SchedulerEvents;
  readonly #waiting = new Map<string, Waiting>();
  readonly #turns = new Map<string, { analysed: number; superseded: number }>();
  /** Null while there is no thread: frames wait, the newest of each camera. */
  #session: Pick<DetectorSession, 'run'> | null;
  #running: Promise<void> | null = null;
  /** Of the frame being analysed. */
  #takenMs: number | null = null;
  /** The frame that a session has at this moment. */
  #turn: Promise<void> = Promise.resolve();
  #beside: Beside | null = null;
  /** What of a frame the model beside is owed. */
  #owed = 0;
  #closed = false;

  constructor(session: Pick<DetectorSession, 'run'>, pool: FramePool, events: SchedulerEvents) {
    this.#session = session;
    this.#pool = pool;
    this.#events = events;
  }

  /** Takes over the frame, which it releases when it has been analysed or a newer one has come. */
  offer(camera: string, frame: Frame): void {
    if (this.#closed) {
      this.#pool.releaseFrame(frame);
      return;
    }
    const older = this.#waiting.get(camera);
    if (older !== undefined) {
      this.#pool.releaseFrame(older.frame);
      this.#count(camera).superseded++;
    }
    this.#waiting.set(camera, { frame, sinceMs: older?.sinceMs ?? performance.now() });
    this.#running ??= this.#drain();
  }

  /**
   * Goes on with another session, after the first one's thread was lost or its model was replaced. Resolves when the session of before
   * has no frame any more.
   */
  replaceSession(session: Pick<DetectorSession, 'run'>): Promise<void> {
    this.#session = session;
    if (this.#waiting.size > 0) this.#running ??= this.#drain();
    return this.#turn;
  }

  /** Null: nobody looks along any more. Resolves when the one of before has no frame any more. */
  lookBeside(beside: Beside | null): Promise<void> {
    this.#beside = beside;
    this.#owed = 0;
    return this.#turn;
  }

  /** The camera is gone: what waits of it is looked at no more. */
  forget(camera: string): void {
    const waiting = this.#waiting.get(camera);
    if (waiting !== undefined) this.#pool.releaseFrame(waiting.frame);
    this.#waiting.delete(camera);
    this.#turns.delete(camera);
  }

  turns(camera: string): CameraTurns {
    return this.#count(camera);
  }

  /** For how long the frame that has waited longest has done so, or is being analysed, in ms; 0 when there is none. */
  longestWaitMs(nowMs: number): number {
    const since = [...this.#waiting.values()].map(({ sinceMs }) => sinceMs);
    return nowMs - Math.min(nowMs, this.#takenMs ?? nowMs, ...since);
  }

  /** Frees what waits; resolves when the frame being analysed is done. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { frame } of this.#waiting.values()) this.#pool.releaseFrame(frame);
    this.#waiting.clear();
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#session !== null) {
      const session = this.#session;
      const next = this.#takeLongestWaiting();
      if (next === null) break;
      const [camera, frame] = next;
      this.#turn = this.#analyse(session, camera, frame);
      await this.#turn;
    }
    this.#running = null;
  }

  async #analyse(session: Pick<DetectorSession, 'run'>, camera: string, frame: Frame): Promise<void> {
    this.#takenMs = performance.now();
    try {
      const found: Detected = await session.run(frame.slot, frame.content);
      const { boxes, elapsedMs } = found;
      const far = await this.#runFar(session, frame);
      this.#count(camera).analysed++;
      const seen = far === null ? boxes : withFar(boxes, far.boxes, far.window);
      const missed = far === null ? (frame.far?.window ?? null) : null;
      this.#events.onBoxes(camera, frame, { boxes: seen, missed }, elapsedMs + (far?.elapsedMs ?? 0));
      await this.#showBeside(camera, frame, found);
    } catch (error) {
      if (error instanceof InferenceThreadLost && this.#session === session) this.#session = null;
      this.#events.onError(camera, error as Error);
    } finally {
      this.#takenMs = null;
      this.#pool.releaseFrame(frame);
    }
  }

  /** After what the frame is for has been done with it. */
  async #showBeside(camera: string, frame: Frame, found: Detected): Promise<void> {
    const beside = this.#beside;
    if (beside === null) return;
    this.#owed += beside.share;
    if (this.#owed < 1) return;
    this.#owed -= 1;
    try {
      beside.onCompared(camera, found, await beside.session.run(frame.slot, frame.content));
    } catch (error) {
      beside.onFailed(error as Error);
    }
  }

  /** The enlarged part, when no other camera waits. */
  async #runFar(
    session: Pick<DetectorSession, 'run'>,
    { far }: Frame,
  ): Promise<(Detected & { readonly window: NormalizedBox }) | null> {
    if (far === undefined || this.#waiting.size > 0) return null;
    return { ...(await session.run(far.slot, far.content)), window: far.window };
  }

  #takeLongestWaiting(): [string, Frame] | null {
    let longest: [string, Waiting] | null = null;
    for (const entry of this.#waiting) {
      if (longest === null || entry[1].sinceMs < longest[1].sinceMs) longest = entry;
    }
    if (longest === null) return null;
    this.#waiting.delete(longest[0]);
    return [longest[0], longest[1].frame];
  }

  #count(camera: string): { analysed: number; superseded: number } {
    let counts = this.#turns.get(camera);
    if (counts === undefined) {
      counts = { analysed: 0, superseded: 0 };
      this.#turns.set(camera, counts);
    }
    return counts;
  }
}
