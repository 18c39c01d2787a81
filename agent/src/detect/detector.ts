/** The model's session and the scheduler before it, kept alive: a thread that is lost is replaced. */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@roadwatch/common';
import type { Logger } from 'pino';
import type { Frame, FramePool } from '../frame/pool.ts';
import type { Model } from './model.ts';
import { Scheduler, type SchedulerEvents } from './scheduler.ts';
import { DetectorSession, InferenceThreadLost } from './session.ts';

/** Of threads that are lost before they have analysed one frame; after the first that does, it begins anew. */
const BACKOFF = { firstMs: 500, maxMs: 30_000 };
/** The agent's start fails when so many threads in a row have been lost. */
const MAX_START_TRIES = 4;
const LOST_LINE = 'inference thread lost, starting another';

type Start = () => Promise<DetectorSession>;

export class Detector {
  readonly scheduler: Scheduler;
  readonly #log: Logger;
  readonly #stopping: AbortController;
  readonly #start: Start;
  readonly #keeping: Promise<void>;
  #session: DetectorSession;

  /** Throws ModelError when the model cannot be used, InferenceThreadLost when no thread stays alive. */
  static async start(
    model: Model,
    pool: FramePool,
    threads: number,
    events: SchedulerEvents,
    log: Logger,
  ): Promise<Detector> {
    const stopping = new AbortController();
    const { signal } = stopping;
    const start: Start = () => DetectorSession.start(model, pool, { threads, signal });
    for (let attempt = 0; ; attempt++) {
      try {
        return new Detector(start, await start(), stopping, pool, events, log);
      } catch (error) {
        if (!(error instanceof InferenceThreadLost) || attempt + 1 >= MAX_START_TRIES) throw error;
        const pauseMs = backoffMs(attempt, BACKOFF, Math.random());
        log.error({ reason: error.message, pauseMs }, LOST_LINE);
        await sleep(pauseMs);
      }
    }
  }

  private constructor(
    start: Start,
    session: DetectorSession,
    stopping: AbortController,
    pool: FramePool,
    events: SchedulerEvents,
    log: Logger,
  ) {
    this.#start = start;
    this.#session = session;
    this.#stopping = stopping;
    this.#log = log;
    this.scheduler = new Scheduler(session, pool, events);
    this.#keeping = this.#keepAlive();
  }

  offer(camera: string, frame: Frame): void {
    this.scheduler.offer(camera, frame);
  }

  /** Lets the running frame finish if that is soon; resolves within five seconds. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // The frame settles with the session, whatever becomes of its thread.
    await Promise.all([this.scheduler.close(), this.#session.close()]);
    await this.#keeping;
  }

  async #keepAlive(): Promise<void> {
    const { signal } = this.#stopping;
    let losses = 0;
    for (;;) {
      let reason: Error = await this.#session.ended;
      if (this.#session.answers > 0) losses = 0;
      let next: DetectorSession | null = null;
      for (; next === null; losses++) {
        if (signal.aborted) return;
        const pauseMs = backoffMs(losses, BACKOFF, Math.random());
        this.#log.error({ reason: reason.message, pauseMs }, LOST_LINE);
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
        if (signal.aborted) return;
        try {
          next = await this.#start();
        } catch (error) {
          reason = error as Error;
        }
      }
      if (signal.aborted) return next.close();
      this.#session = next;
      this.scheduler.replaceSession(next);
      this.#log.info('inference thread runs again');
    }
  }
}
