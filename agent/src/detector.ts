/** The model's session and the scheduler before it, kept alive: a thread that is lost is replaced. */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@roadwatch/common';
import type { Logger } from 'pino';
import type { Frame, FramePool } from './detect/frames.ts';
import type { Model } from './detect/model.ts';
import { Scheduler, type SchedulerEvents } from './detect/scheduler.ts';
import { DetectorSession } from './detect/session.ts';

const BACKOFF = { firstMs: 500, maxMs: 30_000 };

export class Detector {
  readonly scheduler: Scheduler;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #start: () => Promise<DetectorSession>;
  #session: DetectorSession;

  /** Throws ModelError when the model cannot be used. */
  static async start(
    model: Model,
    pool: FramePool,
    threads: number,
    events: SchedulerEvents,
    log: Logger,
  ): Promise<Detector> {
    const start = (): Promise<DetectorSession> => DetectorSession.start(model, pool, { threads });
    return new Detector(start, await start(), pool, events, log);
  }

  private constructor(
    start: () => Promise<DetectorSession>,
    session: DetectorSession,
    pool: FramePool,
    events: SchedulerEvents,
    log: Logger,
  ) {
    this.#start = start;
    this.#session = session;
    this.#log = log;
    this.scheduler = new Scheduler(session, pool, events);
    void this.#watch();
  }

  offer(camera: string, frame: Frame): void {
    this.scheduler.offer(camera, frame);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.scheduler.close();
    await this.#session.close();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    for (let attempt = 0; ; attempt++) {
      const error = await this.#session.failed;
      if (signal.aborted) return;
      this.#log.error({ reason: error.message }, 'inference thread lost, starting another');
      await sleep(backoffMs(attempt, BACKOFF, Math.random()), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        this.#session = await this.#start();
        this.scheduler.replaceSession(this.#session);
      } catch (cause) {
        this.#log.error({ reason: (cause as Error).message }, 'the model cannot be started again');
      }
    }
  }
}
